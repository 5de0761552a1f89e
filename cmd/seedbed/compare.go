package main

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"seedbed.example/checkers"
	"seedbed.example/compare"
)

// A lesson is one of the two comparisons.
type lesson struct {
	id, short, long, learned string
	run                      func(designs []compare.Design, seed uint64) comparedRows
}

// comparedRows are a comparison's figures.
type comparedRows interface {
	table(a *app)
	chart(a *app)
}

var lessons = []lesson{
	{
		id: "cap", short: "what each design of a store gives up in a partition",
		long: `Puts five replicas and a client beside each into one data centre, and for three
seconds cuts off two of them: the leader, where there is one, and one more. Tells
which share of reads and writes was answered on either side, within 300 ms; how
many of the writes that were acknowledged a client does not find afterwards; how many reads
were stale; and whether the replicas hold the same in the end.`,
		learned: `What stays linearizable answers on one side of the cut only: the other could not know what it would miss.
What answers on both sides pays afterwards, in writes that nobody finds, reads that were stale, or replicas that differ.`,
		run: func(designs []compare.Design, seed uint64) comparedRows {
			var rows capRows
			for _, d := range designs {
				rows = append(rows, compare.CAP(d, seed))
			}
			return rows
		},
	},
	{
		id: "pacelc", short: "what consistency costs in time, where nothing goes wrong",
		long: `Puts three replicas into three regions, as between the two coasts of North
America and Europe, with a client in each, the leader in the first. Nothing goes
wrong. Tells how long reads and writes took, from each region, and how many
reads were stale, and by how much at the most.`,
		learned: `A fresh read costs a round trip to where a quorum or the leader is; only what may be stale is read at once.
Where a write waits for nobody it is fast and may be lost, and whoever is not waited for reads the past.`,
		run: func(designs []compare.Design, seed uint64) comparedRows {
			var rows pacelcRows
			for _, d := range designs {
				rows = append(rows, compare.PACELC(d, seed))
			}
			return rows
		},
	},
}

func (a *app) compareCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "compare",
		Short: "the same world for every replicated store: CAP and PACELC as tables",
		Long: `Puts replicated stores of different designs into the same world, and tells what
each gives up there. The same seed gives the same table.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	for _, one := range lessons {
		c.AddCommand(a.comparisonCommand(one))
	}
	return c
}

func (a *app) comparisonCommand(one lesson) *cobra.Command {
	var seed uint64
	var only []string
	c := &cobra.Command{
		Use: one.id, Short: one.short, Long: one.long, Args: cobra.NoArgs,
		Example: "  seedbed compare " + one.id + "\n  seedbed compare " + one.id + " --design raft",
		RunE: func(*cobra.Command, []string) error {
			designs, err := designsOf(only)
			if err != nil {
				return err
			}
			rows := one.run(designs, seed)
			if a.json() {
				a.print(map[string]any{"comparison": one.id, "seed": seed, "designs": rows, "lesson": strings.ReplaceAll(one.learned, "\n", " ")})
				return nil
			}
			rows.table(a)
			fmt.Fprintln(a.out)
			rows.chart(a)
			fmt.Fprintf(a.out, "\n%s\n", one.learned)
			return nil
		},
	}
	c.Flags().Uint64Var(&seed, "seed", 1, "the run, `N`")
	c.Flags().StringArrayVar(&only, "design", nil, "only designs whose name begins so, `NAME`; again for more (default: all)")
	return c
}

// designsOf returns the designs whose names begin with one of these, all if
// there are none.
func designsOf(only []string) ([]compare.Design, error) {
	all := compare.Designs()
	if len(only) == 0 {
		return all, nil
	}
	names := listing(all, func(d compare.Design) string { return d.ID })
	var wanted []compare.Design
	for _, prefix := range only {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, prefix) }) {
			return nil, &unknownName{What: "design", Name: prefix, Known: names}
		}
	}
	for _, d := range all {
		if slices.ContainsFunc(only, func(prefix string) bool { return strings.HasPrefix(d.ID, prefix) }) {
			wanted = append(wanted, d)
		}
	}
	return wanted, nil
}

type capRows []compare.CAPRow

func (rows capRows) table(a *app) {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "design\tacknowledged writes missing afterwards\tstale reads\tbehind by up to\treplicas that differ\tlinearizable")
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%d of %d\t%s\t%s\t%d\t%s\n", r.Design, r.Missing, r.Acknowledged, staleText(r.Staleness), behind(r.Staleness), r.Differ, yes(r.Linearizable))
	}
	table.Flush()
}

func (rows capRows) chart(a *app) {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "answered during the partition\tminority: reads\twrites\tmajority: reads\twrites")
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.Design,
			share(r.Minority.ReadsAnswered, r.Minority.Reads), share(r.Minority.WritesAnswered, r.Minority.Writes),
			share(r.Majority.ReadsAnswered, r.Majority.Reads), share(r.Majority.WritesAnswered, r.Majority.Writes))
	}
	table.Flush()
}

type pacelcRows []compare.PACELCRow

func (rows pacelcRows) table(a *app) {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "median milliseconds from\treads: %s\twrites: %s\tstale reads\tbehind by up to\n", strings.Join(compare.Regions, ", "), strings.Join(compare.Regions, ", "))
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.Design, medians(r.Reads), medians(r.Writes), staleText(r.Staleness), behind(r.Staleness))
	}
	table.Flush()
}

func (rows pacelcRows) chart(a *app) {
	most := time.Duration(1)
	for _, r := range rows {
		most = max(most, compare.Mean(r.Reads), compare.Mean(r.Writes))
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "mean of the regions\treads\twrites\tstale reads")
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%s %s\t%s %s\t%s\n", r.Design,
			bar(int64(compare.Mean(r.Reads)), int64(most)), milliseconds(compare.Mean(r.Reads)),
			bar(int64(compare.Mean(r.Writes)), int64(most)), milliseconds(compare.Mean(r.Writes)),
			share(r.Staleness.Stale, r.Staleness.Reads))
	}
	table.Flush()
}

// barWidth is how many characters the longest bar of a chart has.
const barWidth = 16

// bar draws a part of a whole.
func bar(part, whole int64) string {
	full := 0
	if whole > 0 {
		full = int((part*barWidth + whole/2) / whole)
	}
	return strings.Repeat("█", full) + strings.Repeat("░", barWidth-full)
}

func share(part, whole int) string {
	if whole == 0 {
		return "nothing was asked"
	}
	return fmt.Sprintf("%s %3d%%", bar(int64(part), int64(whole)), part*100/whole)
}

func staleText(s compare.Stale) string { return fmt.Sprintf("%d of %d", s.Stale, s.Reads) }

func behind(s compare.Stale) string {
	if s.Stale == 0 {
		return "-"
	}
	return s.Behind.Round(time.Millisecond).String()
}

func yes(v checkers.Verdict) string {
	switch v {
	case checkers.Holds:
		return "yes"
	case checkers.Violated:
		return "no"
	default:
		return "unknown"
	}
}

func medians(regions []compare.Latency) string {
	return strings.Join(listing(regions, func(l compare.Latency) string { return milliseconds(l.Median) }), ", ")
}

func milliseconds(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprint(d.Round(time.Millisecond).Milliseconds())
}
