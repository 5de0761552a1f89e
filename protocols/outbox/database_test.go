package outbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seedbed.example/choice"
	"seedbed.example/sim"
	"seedbed.example/storage"
)

// words is a state that remembers every change, in order.
type words []string

func (w *words) Apply(change string) error {
	*w = append(*w, change)
	return nil
}
func (w *words) Snapshot() string { return strings.Join(*w, " ") }
func (w *words) Restore(snapshot string) error {
	*w = strings.Fields(snapshot)
	return nil
}

// clerk commits what it is asked to, and answers when that is done.
type clerk struct {
	env   sim.Env
	rules *Rules
	db    *Database
	words words
}

func (c *clerk) Start(env sim.Env) {
	c.env, c.db = env, OpenDatabase(env, &c.words, c.rules, 5)
}

func (c *clerk) Receive(from sim.NodeID, m sim.Message) {
	c.db.Commit(m.(Transaction))
	c.env.Send(from, "done")
}

// clerkWorld is a clerk on a disk that takes its time, and may lose what is not
// synced.
func clerkWorld(choices choice.Source, rules *Rules) (*sim.World, sim.NodeID) {
	w := sim.NewWorld(sim.Options{Choices: choices, Disk: storage.Conditions{
		SyncLatency: storage.Latency{Least: time.Millisecond}, Lose: 50 * choice.Percent,
	}})
	return w, w.AddNode("clerk", func() sim.Node { return &clerk{rules: rules} })
}

// tornTransactions lets a clerk commit while it crashes again and again, and says
// what is wrong with what is there in the end.
func tornTransactions(seed choice.Source, rules *Rules) string {
	w, id := clerkWorld(seed, rules)
	var done []string
	w.Go("client", func(p *sim.Process) {
		for i := range 30 {
			word := fmt.Sprint(i)
			topic := []string{"a", "b"}[p.Rand("topic").N(2)]
			tx := Transaction{Change: word, Messages: []Draft{{topic, word}, {topic, word}}}
			if answer, err := p.Call(id, tx, 10*time.Millisecond); err == nil && answer == "done" {
				done = append(done, word)
			}
		}
	})
	draw := choice.NewStream(seed, "test", "crash")
	for at := time.Duration(0); at < 100*time.Millisecond; {
		at += draw.Between(100*time.Microsecond, 10*time.Millisecond)
		w.CrashAt(at, id)
		w.At(at+time.Millisecond, func() { w.Restart(id) })
	}
	w.RunFor(time.Second)
	w.Restart(id)
	if w.RunFor(time.Second); !w.Up(id) {
		return fmt.Sprint("it is down: ", w.HaltReason(id))
	}
	c := w.Node(id).(*clerk)
	for _, word := range done {
		if !slices.Contains(c.words, word) {
			return fmt.Sprintf("%s was done, and is not there: %v", word, c.words)
		}
	}
	var told []string
	last := map[string]uint64{}
	for _, row := range c.db.rows {
		if last[row.Topic]++; row.Sequence != last[row.Topic] {
			return fmt.Sprintf("%v comes after %d others", row.ID, last[row.Topic]-1)
		}
		told = append(told, row.Body)
	}
	var want []string
	for _, word := range c.words {
		want = append(want, word, word)
	}
	return cmp.Diff(want, told)
}

func TestATransactionIsThereWholeOrNotAtAll(t *testing.T) {
	for seed := range choice.Seed(200) {
		if wrong := tornTransactions(seed, Correct()); wrong != "" {
			t.Fatalf("seed %d: %s", seed, wrong)
		}
	}
}

// The property is one that a transaction in two records does not have.
func TestATransactionInTwoRecordsIsTorn(t *testing.T) {
	rules := Correct()
	rules.Records = func(r Record) []Record {
		rows := Record{Rows: r.Rows}
		r.Rows = nil
		return []Record{r, rows}
	}
	for seed := range choice.Seed(200) {
		if tornTransactions(seed, rules) != "" {
			return
		}
	}
	t.Error("no seed tears a transaction")
}

// An inbox has seen what it was told of, in whatever order and however often, and
// keeps no more than what was overtaken.
func TestAnInboxKnowsWhatItHasSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in inbox
		seen := make(map[ID]bool)
		for range rapid.IntRange(0, 60).Draw(t, "messages") {
			id := ID{
				Topic: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "topic"), Source: sim.NodeID(rapid.IntRange(1, 2).Draw(t, "source")),
				Sequence: rapid.Uint64Range(1, 12).Draw(t, "sequence"),
			}
			in.add(id, Correct().Prune)
			seen[id] = true
		}
		for _, topic := range []string{"a", "b"} {
			for source := sim.NodeID(1); source <= 2; source++ {
				all, gap := true, 0
				for sequence := uint64(1); sequence <= 13; sequence++ {
					id := ID{topic, source, sequence}
					if in.has(id) != seen[id] {
						t.Fatalf("%v: seen %v, and the inbox says %v", id, seen[id], in.has(id))
					}
					if all = all && seen[id]; !all && seen[id] {
						gap++
					}
				}
				if s := in.of(ID{topic, source, 0}); s != nil && len(s.Beyond) != gap {
					t.Fatalf("%v: %d messages are beyond a gap", *s, gap)
				}
			}
		}
	})
}

// What is sent leaves the outbox, and only the next can.
func TestWhatIsSentLeavesTheOutboxInOrder(t *testing.T) {
	w, id := clerkWorld(choice.Zero{}, Correct())
	w.RunFor(0)
	w.Go("client", func(p *sim.Process) {
		for i := range 4 {
			if _, err := p.Call(id, Transaction{Messages: []Draft{{"a", fmt.Sprint(i)}}}, time.Second); err != nil {
				t.Error(err)
			}
		}
	})
	w.RunFor(time.Second)
	db := w.Node(id).(*clerk).db
	next, _ := db.Next()
	second := db.rows[1]
	db.Sent(second.ID)
	if again, _ := db.Next(); again != next || db.Unsent() != 4 {
		t.Errorf("%v is next, and %d are there, after what is not next was sent", again, db.Unsent())
	}
	db.Sent(next.ID)
	if again, _ := db.Next(); again != second || db.Unsent() != 3 {
		t.Errorf("%v is next, and %d are there, not %v and 3", again, db.Unsent(), second)
	}
	w.Disk(id).SetConditions(storage.Conditions{}) // which keeps what is not synced
	w.Crash(id)
	w.Restart(id)
	w.RunFor(time.Second)
	if again, _ := w.Node(id).(*clerk).db.Next(); again != second {
		t.Errorf("after a restart %v is next, not %v", again, second)
	}
}

// A database that holds what makes no sense ends its server.
func TestADatabaseThatCannotBeReadEndsItsServer(t *testing.T) {
	w, id := clerkWorld(choice.Zero{}, Correct())
	w.RunFor(time.Second)
	log := w.Node(id).(*clerk).db.log
	log.Append([]byte("no record"))
	if err := log.Sync(); err != nil {
		t.Fatal(err)
	}
	w.RunFor(time.Second)
	w.Crash(id)
	w.Restart(id)
	w.RunFor(100 * time.Millisecond)
	if reason := w.HaltReason(id); reason == nil || !strings.Contains(reason.Error(), "record 1") {
		t.Errorf("it ended because of %v", reason)
	}
}
