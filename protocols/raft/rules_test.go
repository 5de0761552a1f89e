package raft

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seedbed.example/clock"
)

// verdicts are what rules decide in cases that matter, in words.
func verdicts(r *Rules) map[string]string {
	all := make(map[string]string)
	say := func(rule string, answers ...any) { all[rule] = fmt.Sprint(answers...) }
	at := func(term, index uint64) Position { return Position{Term: term, Index: index} }
	say("Majority", r.Majority(1), r.Majority(2), r.Majority(3), r.Majority(4), r.Majority(5), r.Majority(6), r.Majority(7))
	say("UpToDate",
		r.UpToDate(at(2, 5), at(2, 5)), r.UpToDate(at(2, 6), at(2, 5)), r.UpToDate(at(3, 1), at(2, 5)),
		r.UpToDate(at(2, 4), at(2, 5)), r.UpToDate(at(1, 9), at(2, 5)))
	say("VoteAnew", r.VoteAnew(4, 3), r.VoteAnew(3, 3), r.VoteAnew(2, 3))
	say("SyncVote", r.SyncVote())
	say("SyncEntries", r.SyncEntries())
	say("TruncateAlways", r.TruncateAlways())
	say("MayCommit", r.MayCommit(3, 3), r.MayCommit(2, 3))
	say("ReadWithoutQuorum", r.ReadWithoutQuorum())
	say("ReadIndexReady", r.ReadIndexReady(true), r.ReadIndexReady(false))
	lease := func(sent, received time.Duration) bool { // of 100, now
		return r.LeaseHolds(reading(1000), reading(1000-sent), reading(1000-received), 100)
	}
	say("LeaseHolds", lease(0, 0), lease(79, 79), lease(80, 80), lease(80, 0), lease(180, 99), lease(180, 100))
	sessions := r.SnapshotSessions(Sessions{2: {sequence: 3, result: []byte("r"), used: 7}})
	say("SnapshotSessions", len(sessions), sessions[2].sequence, sessions[2].used)
	say("StepDownWithoutQuorum", r.StepDownWithoutQuorum())
	return all
}

func TestTheRulesDecideAsThePaperSays(t *testing.T) {
	expect(t, "verdicts", verdicts(Correct()), map[string]string{
		"Majority":              "1 2 2 3 3 4 4",
		"UpToDate":              "true true true false false",
		"VoteAnew":              "true false false",
		"SyncVote":              "true",
		"SyncEntries":           "true",
		"TruncateAlways":        "false",
		"MayCommit":             "true false",
		"ReadWithoutQuorum":     "false",
		"ReadIndexReady":        "true false",
		"LeaseHolds":            "true true false false false false",
		"SnapshotSessions":      "1 3 7",
		"StepDownWithoutQuorum": "true",
	})
}

func TestEachMistakeReplacesOneRule(t *testing.T) {
	want := map[string][2]string{ // the rule, and what it decides then
		"raft.commitOldTerm":         {"MayCommit", "true true"},
		"raft.voteNotPersisted":      {"SyncVote", "false"},
		"raft.ackBeforeFsync":        {"SyncEntries", "false"},
		"raft.voteResetSameTerm":     {"VoteAnew", "true true false"},
		"raft.truncateAlways":        {"TruncateAlways", "true"},
		"raft.noUpToDateCheck":       {"UpToDate", "true true true true true"},
		"raft.staleLeaderRead":       {"ReadWithoutQuorum", "true"},
		"raft.leaseClock":            {"LeaseHolds", "true true true true true false"},
		"raft.readIndexNoTermCommit": {"ReadIndexReady", "true true"},
		"raft.sessionNotInSnapshot":  {"SnapshotSessions", "1 0 7"},
		"raft.quorumOffByOne":        {"Majority", "1 1 2 2 3 3 4"},
		"raft.halfDeafLeader":        {"StepDownWithoutQuorum", "false"},
	}
	for _, m := range Mistakes() {
		if m.Summary == "" || m.Source == "" || m.SeenBy == "" {
			t.Errorf("%s lacks a summary, a source, or a checker", m.ID)
		}
		expected := verdicts(Correct())
		changed, ok := want[m.ID]
		if !ok {
			t.Errorf("%s: nobody knows what it changes", m.ID)
			continue
		}
		expected[changed[0]] = changed[1]
		rules := Correct()
		m.Plant(rules)
		expect(t, m.ID, verdicts(rules), expected)
		delete(want, m.ID)
	}
	expect(t, "mistakes that are gone", want, map[string][2]string{})
}

// As long as the leader's lease holds, every follower that answered is silent,
// however their clocks run within the bound (dissertation 6.4.1).
func TestALeaseEndsBeforeTheSilenceThatItRestsOn(t *testing.T) {
	const timeout = 150 * time.Millisecond
	rapid.Check(t, func(t *rapid.T) {
		var leaders, followers clock.Clock
		drift := rapid.IntRange(-MaxClockDrift, MaxClockDrift)
		for _, c := range []*clock.Clock{&leaders, &followers} {
			if err := c.SetDrift(0, drift.Draw(t, "drift")); err != nil {
				t.Fatal(err)
			}
		}
		times := rapid.SliceOfN(rapid.Int64Range(0, int64(2*timeout)), 3, 3).Draw(t, "sent, heard, now")
		slices.Sort(times)
		sent, heard, now := time.Duration(times[0]), time.Duration(times[1]), time.Duration(times[2])
		holds := Correct().LeaseHolds(reading(leaders.Monotonic(now)), reading(leaders.Monotonic(sent)), reading(leaders.Monotonic(now)), timeout)
		silent := followers.Monotonic(now)-followers.Monotonic(heard) < timeout
		if holds && !silent {
			t.Fatalf("at %v the lease holds, and a follower may vote", now)
		}
	})
}

// The bound is not wasteful: beyond it a lease is not safe any more.
func TestALeaseIsUnsafeWithClocksBeyondTheBound(t *testing.T) {
	const timeout = 150 * time.Millisecond
	var leaders, followers clock.Clock
	if leaders.SetDrift(0, -120_000) != nil || followers.SetDrift(0, 120_000) != nil {
		t.Fatal("no such drift")
	}
	for now := time.Duration(0); now < timeout; now += time.Millisecond {
		if Correct().LeaseHolds(reading(leaders.Monotonic(now)), reading(0), reading(0), timeout) && followers.Monotonic(now) >= timeout {
			return
		}
	}
	t.Error("a lease of clocks that drift by 12 % is safe: the margin is too great")
}

// reading is two clocks that agree.
func reading(at time.Duration) Reading { return Reading{clock.Epoch.Add(at), at} }

// A wall clock that was set back must not lengthen a lease.
func TestALeaseDoesNotListenToTheWallClock(t *testing.T) {
	setBack := Reading{clock.Epoch, time.Second}
	if Correct().LeaseHolds(setBack, reading(0), reading(0), 150*time.Millisecond) {
		t.Error("a lease of 150 ms holds after a second, because the wall clock was set back")
	}
}
