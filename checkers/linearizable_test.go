package checkers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"seedbed.example/choice"
	"seedbed.example/history"
	"seedbed.example/models"
)

// appendHard puts operations on a key that no machine can decide: many appends
// at the same time, and a read that no order of them explains.
func appendHard(h *history.History, key string) {
	var ids []history.ID
	for client := range 30 {
		ids = append(ids, h.Invoke(client, 0, history.Input{F: history.Append, Key: key, Value: fmt.Sprint(client % 10)}))
	}
	for _, id := range ids {
		h.Return(id, 0, history.OK, history.Output{})
	}
	h.Return(h.Invoke(0, 0, history.Input{F: history.Read, Key: key}), 0, history.OK, history.Output{Value: "01234567890123456789", Found: true})
}

func appendWrite(h *history.History, key string) {
	h.Return(h.Invoke(1, 0, history.Input{F: history.Write, Key: key, Value: "1"}), 0, history.OK, history.Output{})
}

func kv() models.Model {
	model, _ := models.Find("kv")
	return model
}

func TestWhatCannotBeDecidedInTimeIsCalledUnknown(t *testing.T) {
	h := new(history.History)
	appendWrite(h, "easy")
	appendHard(h, "hard")
	result := Linearizable(h, kv(), 20*time.Millisecond)
	if result.Verdict != Unknown || result.Keys != 2 || !slices.Equal(result.Undecided, []string{"hard"}) || result.Offence != nil {
		t.Errorf("got %+v; want unknown because of the key hard", result)
	}
	if got, want := result.String(), `undecided: time ran out on 1 of 2 keys ("hard"); each other one has an order`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if violations := result.Violations(); len(violations) > 0 {
		t.Errorf("nothing was found, and it is called %v", violations)
	}
}

func TestAQuestionEndsWhenTheTimeIsOver(t *testing.T) {
	h := new(history.History)
	appendHard(h, "hard")
	const most = 1_000_000
	found := newSearch(kv(), time.Now().Add(time.Millisecond)).judge(forPorcupine(h.Operations()), most)
	if found.result != porcupine.Unknown || found.steps == most {
		t.Errorf("%+v; want unknown after fewer steps than it might take", found)
	}
}

func TestNothingIsDecidedWhenTheTimeIsOver(t *testing.T) {
	h := new(history.History)
	appendWrite(h, "x")
	s := newSearch(kv(), time.Unix(0, 0))
	if _, undecided := s.judgeAll(s.model.Partition(forPorcupine(h.Operations())), firstTurn); len(undecided) != 1 {
		t.Error("a search decided a key although its time was over")
	}
}

func TestAHardKeyDoesNotHideAnOffence(t *testing.T) {
	h := new(history.History)
	appendHard(h, "hard")
	appendWrite(h, "x")
	h.Return(h.Invoke(2, 0, history.Input{F: history.Read, Key: "x"}), 0, history.OK, history.Output{})
	if result := Linearizable(h, kv(), 0); result.Verdict != Violated || result.Offence.Key != "x" {
		t.Errorf("got %v, want an offence on x", result)
	}
}

// A read of a value that is long gone, among many operations of unknown outcome,
// takes longer to convict than anyone has. Most are found all the same.
func TestAnOffenceThatIsHardToSeeIsFoundByASuspect(t *testing.T) {
	hard, found := 0, 0
	for seed := range 40 {
		s := newSearch(kv(), time.Time{})
		for _, operations := range s.model.Partition(forPorcupine(stale(seed, 300, 20*choice.Percent).Operations())) {
			if s.judge(operations, firstTurn*len(operations)).result != porcupine.Unknown {
				continue
			}
			hard++
			if _, result := s.convict(operations, firstTurn*len(operations)); result == porcupine.Illegal {
				found++
			}
		}
	}
	if hard < 10 || found < hard*9/10 {
		t.Errorf("%d keys were hard, and of these %d were found", hard, found)
	}
}

// Appends of unknown outcome are tried in the order in which they were read, and
// not in each that there is. Here a write of unknown outcome, which may be what
// the last read saw, leads the search astray at its first step.
func TestAppendsOfUnknownOutcomeAreTriedAsTheyWereRead(t *testing.T) {
	told, read := "1 write x w\n", ""
	for client := 2; client <= 12; client++ {
		value := string(rune('a' + client))
		told += fmt.Sprintf("%d append x %s\n", client, value)
		read += value
	}
	h := script(t, told+"20 read x\n20 ok "+read+"\n20 write x k\n20 ok\n20 append x w\n20 ok\n20 read x\n20 ok kw")
	if found := newSearch(kv(), time.Time{}).judge(forPorcupine(h.Operations()), 100_000); found.result != porcupine.Ok {
		t.Errorf("%v after %d steps; want an order", found.result, found.steps)
	}
}

// However few steps a search may take, it never calls a history without an
// order ordered or one with an order illegal.
func TestTooFewStepsNeverGiveAWrongAnswer(t *testing.T) {
	good, bad := new(history.History), script(t, "1 append x a\n2 append x b\n1 ok\n2 ok\n1 append x c\n1 ok\n1 read x\n1 ok ac")
	appendHard(good, "x")
	reads := good.Operations()
	reads[len(reads)-1].Output = history.Output{Value: strings.Repeat("9876543210", 3), Found: true}
	for steps := range 60 {
		s := newSearch(kv(), time.Time{})
		if found := s.judge(forPorcupine(bad.Operations()), steps); found.result == porcupine.Ok {
			t.Fatalf("after %d steps %v is called linearizable", steps, show(bad))
		}
		if found := s.judge(forPorcupine(good.Operations()), steps); found.result == porcupine.Illegal {
			t.Fatalf("after %d steps %v is called illegal", steps, show(good))
		}
	}
}

func TestManyUndecidedKeysAreNotAllNamed(t *testing.T) {
	result := Linearizability{Verdict: Unknown, Keys: 20}
	for i := range 12 {
		result.Undecided = append(result.Undecided, fmt.Sprint(i))
	}
	if got, want := result.String(), `"8", "9" and 2 more)`; !strings.Contains(got, want) {
		t.Errorf("got %q; want it to say %q", got, want)
	}
}

func TestAHistoryThatTheModelDoesNotKnowIsNotJudged(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "knows only read, write") {
			t.Errorf("panic with %q, want one that says what the model knows", got)
		}
	}()
	register, _ := models.Find("register")
	Linearizable(script(t, "1 delete x\n1 ok"), register, 0)
}
