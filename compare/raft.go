package compare

import (
	"fmt"
	"time"

	"seedbed.example/protocols/raft"
	"seedbed.example/protocols/raft/kv"
	"seedbed.example/sim"
)

// raftDesigns are Raft with each way to read.
func raftDesigns() []Design {
	design := func(name, summary string, reads raft.ReadMode) Design {
		return Design{ID: "raft/" + name, Summary: summary, Linearizable: true, Majority: true, Deploy: func(w *sim.World, replicas int, patience time.Duration) Deployment {
			return deployRaft(w, replicas, patience, reads)
		}}
	}
	return []Design{
		design("log", "a majority commits each write, and each read as well", raft.ReadLog),
		design("index", "a majority commits each write, and tells the leader for each read that it leads", raft.ReadIndex),
		design("lease", "a majority commits each write; the leader reads alone while its lease holds", raft.ReadLease),
	}
}

func deployRaft(w *sim.World, replicas int, patience time.Duration, reads raft.ReadMode) Deployment {
	d := Deployment{Replicas: numbered(replicas)}
	options := raft.Options{Voters: d.Replicas, Machine: kv.NewStore, Reads: reads, ElectionTimeout: max(150*time.Millisecond, 4*patience)}
	for _, id := range d.Replicas {
		w.AddNode(fmt.Sprintf("replica %v", id), func() sim.Node { return raft.New(options) })
	}
	d.Open = func(p *sim.Process, near sim.NodeID, deadline time.Duration) Store {
		client := kv.NewClient(p, d.Replicas)
		client.TurnTo(near)
		client.Try, client.Deadline = max(client.Try, 2*patience), deadline
		return client
	}
	d.Leader = func() (leader sim.NodeID) {
		latest := uint64(0)
		for _, id := range d.Replicas {
			if term, leads := w.Node(id).(*raft.Node).Leads(); leads && term > latest {
				leader, latest = id, term
			}
		}
		return leader
	}
	d.Lead = func(p *sim.Process, replica sim.NodeID) {
		if leader := d.Leader(); leader != 0 && leader != replica {
			p.Call(leader, &raft.TransferLeadership{Target: replica}, patience+time.Second) //nolint:errcheck // who leads is looked at again
		}
	}
	d.Holds = func(replica sim.NodeID) map[string]string {
		return w.Node(replica).(*raft.Node).Machine().(*kv.Store).Values()
	}
	return d
}
