// Command figures makes the tables of measured figures in the README and docs.
//
//	go run ./internal/figures speed             benchmarks beside their floors and budgets
//	go run ./internal/figures protocols         what there is to run, how much there is to read, and how fast it is
//	go run ./internal/figures mistakes          what the zoo has, and how many runs it takes to find each
//	go run ./internal/figures strategies        the same by each strategy
//	go run ./internal/figures shrinks           how small failing runs become, and how long that takes
//	go run ./internal/figures survival          how many repros still show their violation after edits of the code
//	go run ./internal/figures -write speed mistakes
//
// With -write each table goes into the README or docs, between the comments that name it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

func main() {
	write := flag.Bool("write", false, "put the tables into README.md and docs instead of printing them")
	starts := flag.Int("starts", 30, "hunts for each mistake, each from another seed")
	count := flag.Int("count", 5, "how often each benchmark runs; the median is told")
	most := flag.Uint64("most", 20_000, "for strategies, runs of a hunt before it gives up")
	match := flag.String("match", "", "only the mistakes whose id matches this regular expression")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, flag.Args(), *write, *starts, *count, *most, *match); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

const known = "speed, protocols, mistakes, strategies, shrinks or survival"

func run(ctx context.Context, tables []string, write bool, starts, count int, most uint64, match string) error {
	if len(tables) == 0 {
		return fmt.Errorf("want a table: %s", known)
	}
	for _, name := range tables {
		var text string
		var err error
		switch name {
		case "speed":
			text, err = speed(ctx, count)
		case "protocols":
			text, err = protocols(ctx)
		case "mistakes":
			text, err = mistakes(ctx, starts, match)
		case "strategies":
			text, err = strategies(ctx, starts, most, match)
		case "shrinks":
			text, err = shrinks(ctx, starts, match)
		case "survival":
			text, err = survival(ctx)
		default:
			err = fmt.Errorf("there is no table %q: want %s", name, known)
		}
		if err != nil {
			return err
		}
		if !write {
			fmt.Print(text)
		} else if err := insert(place(name), name, text); err != nil {
			return err
		}
	}
	return nil
}

// place is the file that a table stands in.
func place(name string) string {
	switch name {
	case "mistakes":
		return filepath.Join("docs", "zoo.md")
	case "strategies":
		return filepath.Join("docs", "strategies.md")
	case "shrinks", "survival":
		return filepath.Join("docs", "shrinking.md")
	default:
		return "README.md"
	}
}

// insert puts a table between the comments that name it.
func insert(path, name, table string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	begin, end := "<!-- figures: "+name+" -->\n", "<!-- end -->"
	before, rest, ok := strings.Cut(string(old), begin)
	_, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		return fmt.Errorf("%s has no place for the table %s: want %q and then %q", path, name, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+table+end+after), 0o644)
}

// table is rows of cells, of which the first is the head.
type table [][]string

func (t table) String() string {
	var b strings.Builder
	for i, row := range t {
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(row)) + "|\n")
		}
	}
	return b.String()
}
