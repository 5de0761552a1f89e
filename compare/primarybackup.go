package compare

import (
	"fmt"
	"time"

	"seedbed.example/protocols/replication/primarybackup"
	"seedbed.example/sim"
)

// primaryBackupDesigns are a primary and its backups with each mode, and with
// reads from any replica.
func primaryBackupDesigns() []Design {
	design := func(mode primarybackup.Mode, readsAny bool, summary string) Design {
		id := "primarybackup/" + mode.String()
		if readsAny {
			id += "/any"
		}
		return Design{
			ID: id, Summary: summary, Linearizable: mode.Lossless() && !readsAny,
			Majority: mode != primarybackup.SemiSync, // a primary with one backup goes on where it is, and no other can take over
			Deploy: func(w *sim.World, replicas int, patience time.Duration) Deployment {
				return deployPrimaryBackup(w, replicas, patience, mode, readsAny)
			},
		}
	}
	return []Design{
		design(primarybackup.Sync, false, "all backups have each write, and tell the primary for each read that it is one"),
		design(primarybackup.SemiSync, false, "one backup has each write, and tells the primary for each read that it is one"),
		design(primarybackup.Async, false, "the primary alone has a write when it is acknowledged, and reads"),
		design(primarybackup.Async, true, "the primary alone has a write when it is acknowledged; any replica reads"),
	}
}

func deployPrimaryBackup(w *sim.World, replicas int, patience time.Duration, mode primarybackup.Mode, readsAny bool) Deployment {
	const viewService sim.NodeID = 1
	d := Deployment{Others: []sim.NodeID{viewService}, Replicas: numbered(replicas + 1)[1:]}
	options := primarybackup.Options{
		ViewService: viewService, Replicas: d.Replicas, Mode: mode, ReadsAny: readsAny, DeadAfter: max(100*time.Millisecond, 4*patience),
	}
	w.AddNode("view service", func() sim.Node { return primarybackup.NewViewService(options) })
	for _, id := range d.Replicas {
		w.AddNode(fmt.Sprintf("replica %v", id-viewService), func() sim.Node { return primarybackup.New(options) })
	}
	d.Open = func(p *sim.Process, near sim.NodeID, deadline time.Duration) Store {
		client := primarybackup.NewClient(p, d.Replicas)
		client.Try, client.Deadline = max(client.Try, 2*patience), deadline
		client.TurnTo(near)
		return client
	}
	replica := func(id sim.NodeID) *primarybackup.Replica { return w.Node(id).(*primarybackup.Replica) }
	d.Leader = func() (primary sim.NodeID) {
		latest := uint64(0)
		for _, id := range d.Replicas {
			if view := replica(id).View(); view.Primary == id && view.Number > latest {
				primary, latest = id, view.Number
			}
		}
		return primary
	}
	d.Holds = func(id sim.NodeID) map[string]string {
		_, values := replica(id).Applied()
		return values
	}
	return d
}
