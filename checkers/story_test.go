package checkers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"seedbed.example/models"
)

// The stories under testdata are histories, and what is said of them: "judge"
// asks whether they are linearizable, "durable" whether anything was lost,
// "sessions" whether any guarantee is broken, and "staleness" how far reads are
// behind, and which further than allowed.
func TestEveryStoryEndsAsItShould(t *testing.T) {
	datadriven.Walk(t, "testdata/stories", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			h := script(t, d.Input)
			var said []string
			switch d.Cmd {
			case "judge":
				var id string
				d.ScanArgs(t, "model", &id)
				model, ok := models.Find(id)
				if !ok {
					d.Fatalf(t, "there is no model %q", id)
				}
				if err := model.Accepts(h); err != nil {
					return err.Error() + "\n"
				}
				result := Linearizable(h, model, 0)
				said = append(said, result.String())
				for _, v := range result.Violations() {
					said = append(said, v.Message)
				}
			case "durable":
				for _, v := range Durable(h) {
					said = append(said, v.Message)
				}
				if said == nil {
					said = append(said, "nothing is known to be lost")
				}
			case "sessions":
				for _, v := range Sessions(h, Guarantees()...) {
					said = append(said, v.Kind+": "+v.Message)
				}
				if said == nil {
					said = append(said, "every session has its guarantees")
				}
			case "staleness":
				s := MeasureStaleness(h)
				said = append(said, s.String())
				if d.HasArg("time") {
					var bound string
					d.ScanArgs(t, "time", &bound)
					allowed, err := time.ParseDuration(bound)
					if err != nil {
						d.Fatalf(t, "%v", err)
					}
					for _, v := range s.OlderThan(allowed) {
						said = append(said, v.Kind+": "+v.Message)
					}
				}
				if d.HasArg("versions") {
					var bound int
					d.ScanArgs(t, "versions", &bound)
					for _, v := range s.FurtherThan(bound) {
						said = append(said, v.Kind+": "+v.Message)
					}
				}
			default:
				d.Fatalf(t, "what is %q?", d.Cmd)
			}
			return fmt.Sprintln(strings.Join(said, "\n"))
		})
	})
}
