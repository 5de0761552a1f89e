package raft

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seedbed.example/choice"
	"seedbed.example/internal/stories"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// A scene is messages to a server, and what the server then stands by. Words
// are the commands of its snapshot and its log, whether committed or not.
type scene struct {
	from  sim.NodeID
	says  []sim.Message
	term  uint64
	vote  sim.NodeID
	words string
}

// scenes take a server through everything that it writes: votes, entries, a
// conflict, snapshots of its own and installed ones, each in a later term.
func scenes() []scene {
	says := func(messages ...sim.Message) []sim.Message { return messages }
	command := func(index, term uint64, word string) Entry {
		return Entry{Index: index, Term: term, Kind: Command, Session: 1, Sequence: index, Command: []byte(word)}
	}
	// snapshot returns what a leader's snapshot holds.
	snapshot := func(all ...string) []byte {
		state := words(all)
		m := machine{state: &state, sessions: Sessions{1: {sequence: uint64(len(all)), used: 1}}}
		return m.encode(Configuration{Voters: []sim.NodeID{1, 2, 3}}, Correct().SnapshotSessions)
	}
	chunked, whole := snapshot("a", "b", "C", "D", "e", "f"), snapshot("a", "b", "C", "D", "e", "f", "g", "h", "i")
	long := strings.Repeat("j", 1500)
	return []scene{
		{2, says(&RequestVote{Term: 1, Transfer: true}), 1, 2, ""},
		{2, says(&AppendEntries{Term: 1, Entries: []Entry{
			{Index: 1, Term: 1, Kind: Open}, command(2, 1, "a"), command(3, 1, "b"),
		}}), 1, 2, "a b"},
		{2, says(&AppendEntries{Term: 1, PrevIndex: 3, PrevTerm: 1, Commit: 3, Entries: []Entry{command(4, 1, "c")}}), 1, 2, "a b c"},
		{3, says(&RequestVote{Term: 2, LastIndex: 4, LastTerm: 1, Transfer: true}), 2, 3, "a b c"},
		{3, says(&AppendEntries{Term: 2, PrevIndex: 3, PrevTerm: 1, Commit: 4, Entries: []Entry{
			command(4, 2, "C"), command(5, 2, "D"),
		}}), 2, 3, "a b C D"},
		{3, says(&AppendEntries{Term: 2, PrevIndex: 5, PrevTerm: 2, Commit: 5, Entries: []Entry{
			command(6, 2, "x"), command(7, 2, "x"), command(8, 2, "x"), command(9, 2, "x"),
		}}), 2, 3, "a b C D x x x x"},
		{2, says(
			&InstallSnapshot{Term: 4, LastIndex: 7, LastTerm: 3, Data: chunked[:20]},
			&InstallSnapshot{Term: 4, LastIndex: 7, LastTerm: 3, Offset: 20, Data: chunked[20:], Done: true},
		), 4, 0, "a b C D e f"},
		{2, says(&AppendEntries{Term: 4, PrevIndex: 7, PrevTerm: 3, Entries: []Entry{command(8, 4, "g")}}), 4, 0, "a b C D e f g"},
		{3, says(&InstallSnapshot{Term: 5, LastIndex: 10, LastTerm: 5, Data: whole, Done: true}), 5, 0, "a b C D e f g h i"},
		{3, says(&AppendEntries{Term: 5, PrevIndex: 10, PrevTerm: 5, Entries: []Entry{command(11, 5, long)}}), 5, 0, "a b C D e f g h i " + long},
		{2, says(&RequestVote{Term: 6, LastIndex: 11, LastTerm: 5, Transfer: true}), 6, 2, "a b C D e f g h i " + long},
	}
}

// A play is one run of the scenes, on a disk whose every operation takes 1 ms.
type play struct {
	*rig
	conditions storage.Conditions
	told       scene // what the server stood by when it last answered
}

func newPlay(t testing.TB, conditions storage.Conditions, choices choice.Source) *play {
	w := sim.NewWorld(sim.Options{Choices: choices, Record: true})
	r := newRigIn(t, w, 3, func(o *Options) {
		o.ElectionTimeout = time.Hour // it stays a follower
		o.SnapshotEvery = 2
	})
	conditions.WriteLatency = storage.Latency{Least: time.Millisecond}
	conditions.SyncLatency = conditions.WriteLatency
	r.Disk(1).SetConditions(conditions)
	return &play{rig: r, conditions: conditions}
}

// perform plays one scene, again if the server has crashed in its midst, and
// checks that it stands by what it said.
func (p *play) perform(s scene) {
	for range 4 {
		life := p.Node(1)
		for _, m := range s.says {
			p.puppets[s.from].env.Send(1, m)
			p.RunFor(50 * time.Millisecond)
		}
		if len(p.heard(s.from)) == len(s.says) {
			p.told = s
		}
		for !p.Up(1) { // it may crash once more, in the midst of its recovery
			if reason := p.HaltReason(1); reason != nil {
				p.t.Fatalf("ends itself: %v", reason)
			}
			p.Restart(1)
			p.RunFor(50 * time.Millisecond)
		}
		p.check(s)
		if p.Node(1) == life {
			return
		}
	}
	p.t.Fatalf("no answer to %v", s.says)
}

// check compares a server that has recovered with what it stood by, and with
// what it was about to.
func (p *play) check(next scene) {
	p.t.Helper()
	n := p.node()
	if n.term < p.told.term || n.term == p.told.term && n.votedFor != p.told.vote {
		p.t.Errorf("term %d, vote %v, but promised %d, %v", n.term, n.votedFor, p.told.term, p.told.vote)
	}
	if n.term > next.term || n.log.Last().Term > n.term {
		p.t.Errorf("in term %d, with a log that ends in %d, but %d was the latest", n.term, n.log.Last().Term, next.term)
	}
	var has words
	if n.log.Snapshot() != nil {
		m := machine{state: &has}
		if _, _, err := m.decode(n.log.Snapshot().Data); err != nil {
			p.t.Fatal(err)
		}
	}
	for _, e := range n.log.Entries() {
		if e.Kind == Command {
			has = append(has, string(e.Command))
		}
	}
	told, about := strings.Fields(p.told.words), strings.Fields(next.words)
	common := 0
	for common < min(len(told), len(about)) && told[common] == about[common] {
		common++
	}
	onTheWay := len(has) >= common && len(has) <= len(about) && slices.Equal(has, about[:len(has)])
	if !slices.Equal(has, told) && !onTheWay {
		p.t.Errorf("holds %.60q, but promised %.60q, and was about to hold %.60q", has, told, about)
	}
}

// writes returns when, without any crash, each disk operation ends.
func writes(t testing.TB) (ends []time.Duration) {
	p := newPlay(t, storage.Conditions{}, nil)
	start := len(p.Trace().Events)
	for _, s := range scenes() {
		p.perform(s)
	}
	for _, e := range p.Trace().Events[start:] {
		if e.Kind == sim.DiskEvent {
			ends = append(ends, e.At)
		}
	}
	return ends
}

// A server that crashes in the midst of any one disk operation, and perhaps of
// any one of its recovery, stands by everything that it has promised, whatever
// has become of what was not synced.
func TestAServerStandsByItsPromisesAfterACrashInAnyDiskOperation(t *testing.T) {
	disks := map[string]storage.Conditions{
		"keeps all":  {},
		"loses all":  stories.Losing,
		"tears":      {Lose: choice.Always / 3, Tear: choice.Always / 3},
		"in any way": {Lose: choice.Always / 3, Tear: choice.Always / 3, Reorder: true},
	}
	ends := writes(t)
	if len(ends) < 30 {
		t.Fatalf("only %d disk operations", len(ends))
	}
	for name, conditions := range disks {
		t.Run(name, func(t *testing.T) {
			for i, end := range ends {
				for again := range 10 {
					crash := end - time.Millisecond/2
					p := newPlay(t, conditions, choice.Seed(i*10+again))
					p.CrashAt(crash, 1)
					if again > 0 {
						// The restart comes at the end of the scene's 50 ms.
						p.CrashAt(crash.Truncate(50*time.Millisecond)+50*time.Millisecond+time.Duration(2*again-1)*time.Millisecond/2, 1)
					}
					for _, s := range scenes() {
						p.perform(s)
					}
					p.Crash(1)
					p.Restart(1)
					p.RunFor(50 * time.Millisecond)
					p.check(p.told)
					expect(t, "state at the end", fmt.Sprint(p.node().term, p.node().votedFor), "6 2")
					if t.Failed() {
						t.Fatalf("crash in disk operation %d, and %d of the recovery", i, again)
					}
				}
			}
		})
	}
}
