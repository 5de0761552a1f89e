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
			ID: "quorum/" + name, Summary: summary,
			Linearizable: tally.Overlap(r(some), w(some), some), Majority: max(r(some), w(some)) <= tally.Majority(some),
			Deploy: func(world *sim.World, replicas int, patience time.Duration) Deployment {
				return deployQuorum(world, replicas, patience, r(replicas), w(replicas))
			},
		}
	}
	one := func(int) int { return 1 }
	all := func(replicas int) int { return replicas }
	return []Design{
		design("majority", "ABD: writes and reads ask a majority; a read writes back what fewer hold", tally.Majority, tally.Majority),
		design("r1-wall", "a write waits for all replicas; a read asks one, and writes back to all", one, all),
		design("rall-w1", "a write asks all for the latest version, and waits for one; a read asks all", all, one),
		design("r1-w1", "reads and writes ask one replica and wait for one: quorums do not meet", one, one),
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
