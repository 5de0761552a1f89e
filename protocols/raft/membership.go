package raft

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"seedbed.example/protocols/encoding"
	"seedbed.example/protocols/tally"
	"seedbed.example/sim"
)

// A Configuration is who takes part (§6). While Outgoing is not empty it is
// joint: decisions need a majority of Voters and one of Outgoing.
type Configuration struct {
	Voters   []sim.NodeID
	Outgoing []sim.NodeID // the voters of the configuration that is being left
	Learners []sim.NodeID // receive the log and have no vote (dissertation 4.2.1)
}

// String returns the configuration in short: {1 2 3} or {3 4 5}&{1 2 3}.
func (c Configuration) String() string {
	text := set(c.Voters)
	if c.joint() {
		text += "&" + set(c.Outgoing)
	}
	if len(c.Learners) > 0 {
		text += " learners " + set(c.Learners)
	}
	return text
}

func set(ids []sim.NodeID) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id.String()
	}
	return "{" + strings.Join(names, " ") + "}"
}

func (c Configuration) joint() bool { return len(c.Outgoing) > 0 }

func (c Configuration) voter(id sim.NodeID) bool {
	return slices.Contains(c.Voters, id) || slices.Contains(c.Outgoing, id)
}

// members returns everyone that receives the log, in order of identity.
func (c Configuration) members() []sim.NodeID {
	all := slices.Concat(c.Voters, c.Outgoing, c.Learners)
	slices.Sort(all)
	return slices.Compact(all)
}

// quorum reports whether these are enough to decide: of each majority that the
// configuration asks for.
func (c Configuration) quorum(size func(voters int) int, these *tally.Set) bool {
	enough := func(voters []sim.NodeID) bool { return these.Of(voters) >= size(len(voters)) }
	return enough(c.Voters) && (!c.joint() || enough(c.Outgoing))
}

// agreed returns the greatest number that a quorum has reached, where reached
// tells how far each one is: a match index, or a round.
func (c Configuration) agreed(size func(voters int) int, reached func(sim.NodeID) uint64) uint64 {
	of := func(voters []sim.NodeID) uint64 {
		var room [16]uint64
		all := room[:0]
		for _, id := range voters {
			all = append(all, reached(id))
		}
		slices.Sort(all)
		return all[len(all)-size(len(all))]
	}
	if !c.joint() {
		return of(c.Voters)
	}
	return min(of(c.Voters), of(c.Outgoing))
}

// valid says why nobody could live with the configuration.
func (c Configuration) valid() error {
	switch {
	case len(c.Voters) == 0:
		return errors.New("a configuration needs at least one voter")
	case len(slices.Compact(slices.Sorted(slices.Values(c.Voters)))) != len(c.Voters):
		return fmt.Errorf("a voter is named twice in %v", c)
	}
	for _, id := range c.Learners {
		if c.voter(id) {
			return fmt.Errorf("node %v is a voter and a learner in %v", id, c)
		}
	}
	return nil
}

func (c Configuration) encode() []byte {
	var b []byte
	for _, ids := range [][]sim.NodeID{c.Voters, c.Outgoing, c.Learners} {
		b = encoding.AppendUvarint(b, uint64(len(ids)))
		for _, id := range ids {
			b = encoding.AppendUvarint(b, uint64(id))
		}
	}
	return b
}

func decodeConfiguration(b []byte) (Configuration, error) {
	r := encoding.Reader{Data: b}
	var lists [3][]sim.NodeID
	for i := range lists {
		for range r.Count() {
			lists[i] = append(lists[i], sim.NodeID(r.Uvarint()))
		}
	}
	return Configuration{lists[0], lists[1], lists[2]}, r.End()
}

// configAt is a configuration and the index of the entry that brought it.
type configAt struct {
	index uint64
	Configuration
}

// config returns the configuration in force: the latest in the log, whether
// committed or not (§6).
func (n *Node) config() Configuration { return n.configs[len(n.configs)-1].Configuration }

// stands reports whether this server stands for election: as a voter, or as
// one that votes no more in a configuration that may not be committed. If it
// is the only one that holds that, the others can't elect anyone else
// (dissertation 4.2.2).
func (n *Node) stands() bool {
	for i := len(n.configs) - 1; i >= 0; i-- {
		if n.configs[i].voter(n.id) {
			return true
		}
		if n.configs[i].index <= n.commitIndex {
			return false
		}
	}
	return false
}

// adopt puts the configuration of an entry in force.
func (n *Node) adopt(e *Entry) {
	c, err := decodeConfiguration(e.Command)
	if err != nil {
		n.env.Halt(fmt.Errorf("configuration of entry %v: %w", e, err))
	}
	n.configs = append(n.configs, configAt{e.Index, c})
	n.env.Log("configuration %v from entry %v on", c, e)
	if n.role == leader {
		n.trackMembers()
	}
}

// revert takes back the configurations of entries from index on.
func (n *Node) revert(index uint64) {
	for len(n.configs) > 1 && n.configs[len(n.configs)-1].index >= index {
		n.configs = n.configs[:len(n.configs)-1]
	}
}

// configUpTo returns the configuration as of index, and forgets the ones
// before it.
func (n *Node) configUpTo(index uint64) Configuration {
	last := 0
	for i, c := range n.configs {
		if c.index <= index {
			last = i
		}
	}
	n.configs = append([]configAt{}, n.configs[last:]...)
	return n.configs[0].Configuration
}

// changeMembership begins to replace the configuration, by a joint one first
// (§6).
func (n *Node) changeMembership(from sim.NodeID, m *ChangeMembership) {
	current := n.config()
	next := Configuration{Voters: m.Voters, Outgoing: current.Voters, Learners: m.Learners}
	switch {
	case n.role != leader:
		n.notLeader(from)
	case (Configuration{Voters: m.Voters, Learners: m.Learners}).valid() != nil:
		n.env.Send(from, &Reply{Status: Rejected})
	case n.configs[len(n.configs)-1].index > n.commitIndex || !n.committedInTerm() || n.transferee != 0:
		n.env.Send(from, &Reply{Status: Busy})
	default:
		n.changeFrom = from
		n.propose(Entry{Kind: Config, Command: next.encode()})
		n.flush()
	}
}

// leaveJoint goes on from a joint configuration that is committed to the new
// one, and steps down when that is committed and has no place for this server
// (§6).
func (n *Node) leaveJoint() {
	c := n.configs[len(n.configs)-1]
	if c.index > n.commitIndex {
		return
	}
	if c.joint() {
		n.propose(Entry{Kind: Config, Command: Configuration{Voters: c.Voters, Learners: c.Learners}.encode()})
		n.flushLater()
		return
	}
	if n.changeFrom != 0 {
		n.env.Send(n.changeFrom, &Reply{Status: OK})
		n.changeFrom = 0
	}
	if !c.voter(n.id) {
		n.env.Log("not part of %v: steps down", c.Configuration)
		n.becomeFollower(0)
	}
}
