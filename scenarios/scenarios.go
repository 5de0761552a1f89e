package scenarios

import "seedbed.example/experiment"

// All returns every scenario there is.
func All() List { return List{Raft(), Paxos(), PrimaryBackup(), Quorum(), Outbox(), Saga()} }

// Find returns the scenario of that name. The error says that there is none.
func Find(id string) (*experiment.Scenario, error) { return All().Find(id) }

// A List is scenarios that are known by their names.
type List []*experiment.Scenario

// Find returns the scenario of that name. The error says that there is none.
func (l List) Find(id string) (*experiment.Scenario, error) {
	unknown := &experiment.UnknownError{What: "scenario", Name: id}
	for _, s := range l {
		if s.ID == id {
			return s, nil
		}
		unknown.Known = append(unknown.Known, s.ID)
	}
	return nil, unknown
}
