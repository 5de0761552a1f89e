package checkers

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sagaRecords reads records of the saga o: "pay" is done, "-pay" compensated.
func sagaRecords(words string) (records []SagaRecord) {
	for _, word := range strings.Fields(words) {
		step, compensated := strings.CutPrefix(word, "-")
		records = append(records, SagaRecord{"o", step, compensated})
	}
	return records
}

func TestASagaEndsAsItsStoryTells(t *testing.T) {
	order := []Saga{{"o", []string{"reserve", "pay", "ship"}}}
	for _, story := range []struct {
		name, records string
		want          []string
	}{
		{"nothing happened", "", nil},
		{"all is done", "reserve pay ship", nil},
		{"steps may be done in any order", "pay ship reserve", nil},
		{"there was no money", "reserve -reserve", nil},
		{"it could not be shipped", "reserve pay -pay -reserve", nil},
		{"all was done and all is compensated", "reserve pay ship -reserve -pay -ship", nil},
		{"the orchestrator has forgotten it", "reserve pay",
			[]string{`half done: saga "o" has ended half done, with "reserve", "pay" in place, but "ship" was not done`}},
		{"a compensation was lost", "reserve pay -reserve",
			[]string{`half done: saga "o" has ended half done, with "pay" in place, but "reserve" was compensated, "ship" was not done`}},
		{"one was compensated though all was done", "reserve pay ship -pay",
			[]string{`half done: saga "o" has ended half done, with "reserve", "ship" in place, but "pay" was compensated`}},
		{"a compensation came twice", "reserve pay -pay -pay -reserve",
			[]string{`compensated without cause: saga "o": "pay" was compensated twice`}},
		{"a request came twice", "reserve pay pay ship",
			[]string{`done again: saga "o": "pay" was done twice`}},
		{"what had not been done was given back", "reserve -pay -reserve",
			[]string{`compensated without cause: saga "o": "pay" was compensated, and had not been done`}},
		{"a compensation has overtaken its step, and had nothing to undo", "reserve -reserve pay",
			[]string{`half done: saga "o" has ended half done, with "pay" in place, but "reserve" was compensated, "ship" was not done`}},
		{"a repeated request came after the compensation", "reserve -reserve reserve", []string{
			`done again: saga "o": "reserve" was done after it had been compensated`,
			`half done: saga "o" has ended half done, with "reserve" in place, but "pay" was not done, "ship" was not done`,
		}},
		{"nobody had asked for this", "reserve -gift pay ship gift", []string{
			`no such step: saga "o" has no step "gift", and it was compensated`,
			`no such step: saga "o" has no step "gift", and it was done`,
		}},
	} {
		t.Run(story.name, func(t *testing.T) {
			checkSaid(t, "compensation", AllOrCompensated(order, sagaRecords(story.records)), story.want)
		})
	}
}

func TestSagasAreJudgedEachByItself(t *testing.T) {
	sagas := []Saga{{"1", []string{"a", "b"}}, {"2", []string{"a", "b"}}, {"3", []string{"a"}}}
	records := []SagaRecord{{"1", "a", false}, {"2", "a", false}, {"2", "a", true}, {"1", "b", false}, {"4", "a", false}}
	checkSaid(t, "compensation", AllOrCompensated(sagas, records), []string{`no such step: saga "4" has no step "a", and it was done`})
	records[3].Step = "a"
	if found := AllOrCompensated(sagas, records); len(found) != 3 {
		t.Errorf("got %v, want that a was done twice, that nobody knows saga 4, and that saga 1 is half done", found)
	}
}

// By the definition: of each step the records are nothing, done, or done and then
// compensated; and all steps that there are records of end alike, all of them if
// they stand.
func TestSagasAreWhatTheirStepsSay(t *testing.T) {
	compareVerdicts(t, func(t *rapid.T) (want bool, found []Violation) {
		steps := []string{"a", "b", "c"}
		same := rapid.SampledFrom([]string{"+", "+-"}).Draw(t, "same")
		var records []SagaRecord
		var fate []string
		for _, step := range steps {
			deeds := same
			if rapid.IntRange(0, 2).Draw(t, "other") == 2 {
				deeds = rapid.SampledFrom([]string{"+", "+-", "", "++", "+--", "-", "-+", "+-+"}).Draw(t, "fate")
			}
			fate = append(fate, deeds)
			for _, deed := range deeds {
				records = append(records, SagaRecord{"o", step, deed == '-'})
			}
		}
		count := func(deeds string) (n int) {
			for _, f := range fate {
				if f == deeds {
					n++
				}
			}
			return n
		}
		want = count("+") == len(steps) || count("+-")+count("") == len(steps)
		// Of different steps records may come in any order.
		for i := range len(records) - 1 {
			if records[i].Step != records[i+1].Step && rapid.Bool().Draw(t, "swap") {
				records[i], records[i+1] = records[i+1], records[i]
			}
		}
		return want, AllOrCompensated([]Saga{{"o", steps}}, records)
	})
}
