package primarybackup

import (
	"testing"
	"time"

	"seedbed.example/network"
	"seedbed.example/sim"
)

// A backup that the view service hears from, and the primary does not, is left out:
// else the primary waited for it for ever.
func TestABackupThatThePrimaryDoesNotHearFromIsLeftOut(t *testing.T) {
	c := newCluster(sim.NewWorld(sim.Options{}), 2, Sync, nil)
	c.RunFor(10 * time.Millisecond)
	c.impose(network.Condition{From: []int{3}, To: []int{2}, Cut: true})
	c.RunFor(300 * time.Millisecond)
	expect(t, "view", c.replica(2).View().String(), "view 2: primary 2, no backup")
	expect(t, "answer", c.append(2, "one").Status, OK)
	c.mend()
	c.RunFor(100 * time.Millisecond)
	expect(t, "backups of the view when it hears from it again", c.replica(2).View().Backups, []sim.NodeID{3})
}
