package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
	"seedbed.example/history"
	"seedbed.example/models"
	"seedbed.example/picture"
)

// checkObject is the judgement of a history as JSON.
type checkObject struct {
	File        string               `json:"file"`
	Input       history.Format       `json:"input"`
	Model       string               `json:"model"`
	Verdict     checkers.Verdict     `json:"verdict"`
	Violations  []checkers.Violation `json:"violations"`
	Operations  int                  `json:"operations"`
	Keys        int                  `json:"keys"`
	Undecided   []string             `json:"undecided"` // keys on which time ran out
	WallSeconds float64              `json:"wallSeconds"`
}

func (a *app) checkCommand() *cobra.Command {
	var modelID, input, page string
	var budget time.Duration
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "judge a history that somebody recorded",
		Long: `Reads a history of operations, with their calls and returns, and decides
whether it is linearizable: whether there is an order in which each operation
takes effect at one moment between its call and its return. It reads Jepsen's
logs and EDN histories, Porcupine's key-value logs, and JSON lines (their format
is in the documentation of package history). FILE may be - for standard input.

If there is no order, it tells the key and the few operations that convict it.
If time runs out it says so: the verdict is then unknown.`,
		Example: `  seedbed check history.edn --model cas-register
  seedbed check history.jsonl --model kv --budget 1m`,
		Args: one("a file", "seedbed check FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			began := time.Now()
			recording, err := readRecording(args[0], input)
			if err != nil {
				return err
			}
			model, err := modelFor(recording, modelID)
			if err != nil {
				return err
			}
			if err := model.Accepts(recording.History); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			result := checkers.Linearizable(recording.History, model, budget)
			wall := time.Since(began)
			if page != "" {
				write := func(w io.Writer) error { return picture.Write(w, recording.History, model) }
				if err := writeFile(page, write); err != nil {
					return fmt.Errorf("the picture could not be written: %w", err)
				}
			}
			a.exitWith(result.Verdict)
			if a.json() {
				a.print(checkObject{
					File: args[0], Input: recording.Format, Model: model.ID, Verdict: result.Verdict,
					Violations: emptyNotNull(result.Violations()), Operations: recording.History.Len(),
					Keys: result.Keys, Undecided: emptyNotNull(result.Undecided), WallSeconds: wall.Seconds(),
				})
				return nil
			}
			fmt.Fprintf(a.out, "%s, as a %s: %s\n%s operations, %v, in %s\n", args[0], model.ID, a.paint.verdict(result.Verdict),
				comma(uint64(recording.History.Len())), result, short(wall))
			a.violationsText(result.Violations())
			a.files(telling{html: page})
			return nil
		},
	}
	c.Flags().StringVar(&modelID, "model", "", "judge it by this `MODEL` (default: what the file says or its format implies)")
	c.Flags().StringVar(&input, "input", "", "the file's `FORMAT`: json, jepsen-log, jepsen-edn or porcupine-kv (default: seen from its content)")
	c.Flags().StringVar(&page, "html", "", htmlUsage)
	c.Flags().DurationVar(&budget, "budget", time.Minute, "give up after so long; 0 is never; a real `DURATION`")
	return c
}

// readRecording reads a history from a file, or from standard input.
func readRecording(path, input string) (*history.Recording, error) {
	source := io.Reader(os.Stdin)
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		source = file
	}
	buffered := bufio.NewReaderSize(source, history.DetectionLength)
	format := history.Format(input)
	if input == "" {
		beginning, err := buffered.Peek(history.DetectionLength)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if format, err = history.Detect(beginning); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	} else if err := knownFormat(format); err != nil {
		return nil, err
	}
	recording, err := history.Decode(buffered, format)
	if err != nil {
		return nil, fmt.Errorf("%s, read as %s: %w", path, format, err)
	}
	return recording, nil
}

func knownFormat(format history.Format) error {
	unknown := &unknownName{What: "input format", Name: string(format)}
	for _, f := range history.Formats() {
		if f == format {
			return nil
		}
		unknown.Known = append(unknown.Known, string(f))
	}
	return unknown
}

// modelFor returns the model asked for, or else the one that the recording
// names.
func modelFor(recording *history.Recording, id string) (models.Model, error) {
	if id == "" {
		id = recording.Model
	}
	unknown := &unknownName{What: "model", Name: id}
	for _, m := range models.All() {
		if m.ID == id {
			return m, nil
		}
		unknown.Known = append(unknown.Known, m.ID)
	}
	if id == "" {
		return models.Model{}, fmt.Errorf("the file does not say which model it is to be judged by: want --model and one of %v", unknown.Known)
	}
	return models.Model{}, unknown
}
