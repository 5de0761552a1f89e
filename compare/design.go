package compare

import (
	"slices"
	"time"

	"seedbed.example/history"
	"seedbed.example/sim"
)

// A Design is a replicated store with its settings.
type Design struct {
	ID      string // "raft/index"
	Summary string // how it reads and writes

	Linearizable bool // whether that is what it promises
	Majority     bool // whether a majority of the replicas is enough for it to go on

	// Deploy adds the servers to an empty world. Patience is how long a message and its answer may take at the
	// most while all is well: timeouts that suspect failures must be longer.
	Deploy func(w *sim.World, replicas int, patience time.Duration) Deployment
}

// A Deployment is a design in one world.
type Deployment struct {
	Replicas []sim.NodeID
	Others   []sim.NodeID // servers that hold no data, such as a view service
	// Open makes a client's store, for a process beside a replica.
	Open func(p *sim.Process, near sim.NodeID, deadline time.Duration) Store
	// Leader returns the replica that all writes go through, 0 if there is none.
	Leader func() sim.NodeID
	// Lead asks a replica to be that, where it can be asked for; nil where it
	// cannot, or where there is none.
	Lead func(p *sim.Process, replica sim.NodeID)
	// Holds returns the values that a replica has applied, by key.
	Holds func(replica sim.NodeID) map[string]string
}

// A Store is what a client holds of a deployment.
type Store interface {
	// Do carries out a read or a write. An error leaves its outcome unknown.
	Do(in history.Input) (history.Output, error)
}

// Designs returns every design that is compared.
func Designs() []Design { return slices.Concat(raftDesigns(), primaryBackupDesigns(), quorumDesigns()) }

// numbered returns the first so many nodes of a world.
func numbered(nodes int) []sim.NodeID {
	var ids []sim.NodeID
	for i := range nodes {
		ids = append(ids, sim.NodeID(i+1))
	}
	return ids
}
