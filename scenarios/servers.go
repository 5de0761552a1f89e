package scenarios

import (
	"fmt"

	"seedbed.example/experiment"
	"seedbed.example/sim"
)

// serverIDs returns the addresses of a run's servers, which are its first nodes.
func serverIDs(values experiment.Values) (ids []sim.NodeID) {
	for i := range values.Whole("nodes") {
		ids = append(ids, sim.NodeID(i+1))
	}
	return ids
}

// addServers adds the servers at these addresses, all alike.
func addServers(w *sim.World, ids []sim.NodeID, boot func() sim.Node) {
	for _, id := range ids {
		w.AddNode(fmt.Sprintf("node %v", id), boot)
	}
}

// violates returns what a protocol's invariants tell when one is broken.
func violates(w *sim.World) func(property, message string) {
	return func(property, message string) { w.Violate("invariants", property, "%s", message) }
}

// violatesAbout is the same for invariants of something that has a name.
func violatesAbout(w *sim.World) func(name, property, message string) {
	return func(name, property, message string) {
		w.ViolateAbout(name, "invariants", property, "%s", message)
	}
}
