package sim

import (
	"strings"
	"time"
)

// A Role is a part that a node plays for a while, by its own word: a leader, a
// primary. A node says so in a note, with [Env.Log]: one that begins with
// "became " begins a role ("became leader of term 5", "became primary of view
// 3"), and one that begins with "steps down" ends it. So do the node's next
// role, its crash and its end.
type Role struct {
	Node  NodeID
	Name  string // "leader of term 5"
	Event uint64 // the note that began it
	Began time.Duration
	Ended time.Duration // 0 if it had not ended when the recording did
}

// What the notes begin with that begin and end a role.
const (
	RoleBegins = "became "
	RoleEnds   = "steps down"
)

// Holds reports whether the node had the role at virtual time at.
func (r *Role) Holds(at time.Duration) bool {
	return r.Began <= at && (r.Ended == 0 || at < r.Ended)
}

// Roles returns the roles that nodes have had, in the order in which they
// began.
func (t *Trace) Roles() []Role {
	if t == nil {
		return nil
	}
	var roles []Role
	current := make(map[NodeID]int) // the role of a node, counted from 1; looked up only
	for i := range t.Events {
		e := &t.Events[i]
		name, begins := "", false
		switch {
		case e.Kind == NoteEvent:
			name, begins = strings.CutPrefix(e.Detail, RoleBegins)
			if !begins && !strings.HasPrefix(e.Detail, RoleEnds) {
				continue
			}
		case e.Kind != CrashEvent:
			continue
		}
		if old := current[e.Node]; old > 0 {
			roles[old-1].Ended = e.At
			delete(current, e.Node)
		}
		if begins {
			roles = append(roles, Role{Node: e.Node, Name: name, Event: e.ID, Began: e.At})
			current[e.Node] = len(roles)
		}
	}
	return roles
}
