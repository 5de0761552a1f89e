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
	id, short string
	world     string // in which the designs are
	columns   string // what those of the table mean
	learned   string
	run       func(designs []compare.Design, seed uint64) comparedRows
}

// comparedRows are a comparison's figures.
type comparedRows interface {
	table(a *app)
	chart(a *app)
}

var lessons = []lesson{
	{
		id: "cap", short: "what each design of a store gives up in a partition",
		world: `Five replicas and a client beside each, in one data centre. For three seconds
two of them are cut off, with their clients: the leader, where there is one, and one
more; a view service is on the larger side. A client waits 300 ms for an answer. Then
the cut heals, and three seconds later all must be quiet.`,
		columns: `In the whole run. writes missing: acknowledged, and not found at the end by a client
of the larger side. behind: how long a newer write had been acknowledged when a stale
read was asked. differ: replicas that do not hold at the end what the first one holds.
PA: most was answered on both sides of the cut; PC: it was not (PACELC, Abadi 2012).`,
		learned: `What stays linearizable answers on one side of the cut at the most (a lease, until it
runs out, reads on the other). What answers on both sides pays for it: reads were
stale, and afterwards writes are missing that had been acknowledged.`,
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
		world: `Three replicas in three regions, with a client beside each: west, middle and east, as
on the two coasts of North America and in Europe. A message takes 35 ms from west to
middle, 45 ms from middle to east, and 75 ms from west to east, and a tenth more at the
most. The leader, where there is one, and the view service are in the west. Nothing
goes wrong.`,
		columns: `reads, writes: medians in ms, from west, middle and east. behind: how long a newer
write had been acknowledged when a stale read was asked. EC: no read was stale; EL:
some were, for the sake of latency (PACELC, Abadi 2012). What of a design is lost when
something does go wrong: seedbed compare cap.`,
		learned: `A read that is fresh waits for the leader, or a quorum, or both; beside a leader with
a lease it does not. What every region reads at once may be stale; and the fewer a
write waits for, the sooner it is there, and the sooner lost.`,
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
		RunE: a.onlyHelp,
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
		Use: one.id, Short: one.short, Long: one.world + "\n\n" + one.columns, Args: cobra.NoArgs,
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
			fmt.Fprintf(a.out, "%s\n\n", one.world)
			a.rows(listing(designs, func(d compare.Design) listed { return listed{d.ID, d.Summary} }))
			fmt.Fprintln(a.out)
			rows.table(a)
			fmt.Fprintf(a.out, "\n%s\n\n", one.columns)
			rows.chart(a)
			if len(only) == 0 { // what there is to learn is learnt from all
				fmt.Fprintf(a.out, "\n%s\n", one.learned)
			}
			return nil
		},
	}
	c.Flags().Uint64Var(&seed, "seed", 1, "the run, `N`")
	c.Flags().StringArrayVar(&only, "design", nil, "only designs whose name begins so, `NAME`, such as raft or quorum/r1; again for more (default: all)")
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
		if prefix == "" || !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, prefix) }) {
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
	fmt.Fprintln(table, "\tlinearizable\twrites missing\tstale reads\tbehind by\tdiffer\tPA or PC")
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%s\t%d of %d\t%s\t%s\t%d\t%s\n",
			r.Design, yes(r.Linearizable), r.Missing, r.Acknowledged, staleText(r.Staleness), behind(r.Staleness), r.Differ, r.Partition)
	}
	table.Flush()
}

func (rows capRows) chart(a *app) {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "answered in the cut\tminority: reads\tand writes\tmajority: reads\tand writes")
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
	fmt.Fprintln(table, "\treads\twrites\tstale reads\tbehind by\tlinearizable\tEL or EC")
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			r.Design, medians(r.Reads), medians(r.Writes), staleText(r.Staleness), behind(r.Staleness), yes(r.Linearizable), r.Else)
	}
	table.Flush()
}

func (rows pacelcRows) chart(a *app) {
	most := time.Duration(1)
	for _, r := range rows {
		most = max(most, compare.Mean(r.Reads), compare.Mean(r.Writes))
	}
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "mean of the regions, in ms\treads\twrites\tstale reads")
	for _, r := range rows {
		fmt.Fprintf(table, "%s\t%s %s\t%s %s\t%s\n", r.Design,
			bar(int64(compare.Mean(r.Reads)), int64(most)), milliseconds(compare.Mean(r.Reads)),
			bar(int64(compare.Mean(r.Writes)), int64(most)), milliseconds(compare.Mean(r.Writes)),
			share(r.Staleness.Stale, r.Staleness.Reads))
	}
	table.Flush()
}

// barWidth is how many characters the longest bar of a chart has.
const barWidth = 12

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
	return fmt.Sprintf("%s %d of %d", bar(int64(part), int64(whole)), part, whole)
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
