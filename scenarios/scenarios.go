package scenarios

import "seedbed.example/experiment"

// All returns every scenario there is.
func All() []*experiment.Scenario { return []*experiment.Scenario{Raft()} }

// Find returns the scenario of that name. The error says that there is none.
func Find(id string) (*experiment.Scenario, error) {
	unknown := &experiment.UnknownError{What: "scenario", Name: id}
	for _, s := range All() {
		if s.ID == id {
			return s, nil
		}
		unknown.Known = append(unknown.Known, s.ID)
	}
	return nil, unknown
}
