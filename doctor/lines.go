package doctor

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"seedbed.example/sim"
)

// A Line is what a process tells of one run.
type Line struct {
	Seed uint64
	Hash sim.Hash
	Name string // of what was run, such as a test; "" where there is one thing only
}

const linePrefix = "seedbed-doctor "

// String returns the line as [ReadLines] reads it: "seedbed-doctor SEED HASH",
// and the name behind it if there is one.
func (l Line) String() string {
	return strings.TrimSpace(fmt.Sprint(linePrefix, l.Seed, " ", l.Hash, " ", l.Name))
}

// ReadLines hands each line that a process has told to take, in order. Lines that
// begin otherwise are not for it. An error names the line.
func ReadLines(in io.Reader, take func(Line)) error {
	scanner := bufio.NewScanner(in)
	for number := 1; scanner.Scan(); number++ {
		text, ok := strings.CutPrefix(scanner.Text(), linePrefix)
		if !ok {
			continue
		}
		line, err := parseLine(text)
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		take(line)
	}
	return scanner.Err()
}

func parseLine(text string) (line Line, err error) {
	seed, rest, _ := strings.Cut(text, " ")
	hash, name, _ := strings.Cut(rest, " ")
	if line.Seed, err = strconv.ParseUint(seed, 10, 64); err != nil {
		return line, fmt.Errorf("seed %q: want a whole number", seed)
	}
	line.Name = strings.TrimSpace(name)
	return line, line.Hash.UnmarshalText([]byte(hash))
}
