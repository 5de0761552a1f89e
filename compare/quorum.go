package compare

import (
	"fmt"
	"time"

	"seedbed.example/protocols/replication/quorum"
	"seedbed.example/protocols/tally"
	"seedbed.example/sim"
)

// quorumDesigns are registers without a leader, with quorums that meet and with
// some that do not. Everything written is sent to all replicas; the quorum is
// who is waited for.
func quorumDesigns() []Design {
	design := func(name, summary string, r, w func(replicas int) int) Design {
		const some = 5
		return Design{
			ID: "quorums, " + name, Summary: summary,
			Linearizable: tally.Overlap(r(some), w(some), some), Majority: max(r(some), w(some)) <= tally.Majority(some),
			Deploy: func(world *sim.World, replicas int, patience time.Duration) Deployment {
				return deployQuorum(world, replicas, patience, r(replicas), w(replicas))
			},
		}
	}
	one := func(int) int { return 1 }
	all := func(replicas int) int { return replicas }
	return []Design{
		design("majorities (ABD)", "reads and writes wait for a majority, and a read writes back what it has found", tally.Majority, tally.Majority),
		design("read one, write all", "a read waits for one replica, a write for all", one, all),
		design("read all, write one", "a read waits for all replicas, a write for one", all, one),
		design("read one, write one", "reads and writes wait for one replica: quorums do not meet", one, one),
	}
}

func deployQuorum(w *sim.World, replicas int, patience time.Duration, read, write int) Deployment {
	d := Deployment{Replicas: numbered(replicas)}
	options := quorum.Options{Replicas: d.Replicas, R: read, W: write, GiveUp: max(time.Second, 4*patience)}
	for _, id := range d.Replicas {
		w.AddNode(fmt.Sprintf("replica %v", id), func() sim.Node { return quorum.New(options) })
	}
	d.Open = func(p *sim.Process, near sim.NodeID, deadline time.Duration) Store {
		client := quorum.NewClient(p, d.Replicas, nil)
		client.Try, client.Deadline = max(client.Try, 2*patience), deadline
		client.TurnTo(near)
		return client
	}
	d.Leader = func() sim.NodeID { return 0 }
	d.Holds = func(replica sim.NodeID) map[string]string { return w.Node(replica).(*quorum.Replica).Values() }
	return d
}
