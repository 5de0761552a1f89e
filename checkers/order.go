package checkers

import "github.com/anishathalye/porcupine"

// findsOrder looks for an order of operations on one key in the plainest way:
// the first that fits comes next, and when none fits, the last one gives its
// place up. It keeps no account of what it has tried, and soon stops trying.
// Yet where there is an order it nearly always finds one, and much faster than
// Porcupine can.
func findsOrder(model porcupine.Model, operations []porcupine.Operation) bool {
	o := newOrder(operations, model.Init())
	for from := o.first(); ; {
		end, complete := o.end()
		if complete || o.looks > looksForEach*len(operations) {
			return complete
		}
		if next, after, ok := o.fitting(model, from, end); ok {
			o.place(next, after)
			from = o.first()
		} else if len(o.placed) > 0 {
			from = o.giveUp()
		} else {
			return false
		}
	}
}

// looksForEach is how often [findsOrder] looks at an operation, on average,
// before it stops trying.
const looksForEach = 50

// An order is operations on one key, some of which have a place in it.
type order struct {
	operations []porcupine.Operation // in the order of their calls
	placed     []placed              // in the order of their places
	state      any                   // after them
	// next and previous link those without a place in a ring. Its beginning and
	// end has the number len(operations).
	next, previous []int
	looks          int // at operations so far
}

type placed struct {
	operation int
	before    any // the state before it
}

func newOrder(operations []porcupine.Operation, state any) *order {
	n := len(operations)
	links := make([]int, 2*(n+1))
	o := &order{operations: operations, placed: make([]placed, 0, n), state: state, next: links[:n+1], previous: links[n+1:]}
	for i := range n + 1 {
		o.next[i], o.previous[i] = (i+1)%(n+1), (i+n)%(n+1)
	}
	return o
}

// first returns the first operation without a place.
func (o *order) first() int { return o.next[len(o.operations)] }

// end returns the first operation that may not come next, because another had
// returned before it was called; and whether nothing has to come any more.
func (o *order) end() (end int, complete bool) {
	returned := int64(never)
	for end = o.first(); end < len(o.operations) && o.operations[end].Call < returned; end = o.next[end] {
		returned = min(returned, o.operations[end].Return)
		o.looks++
	}
	return end, returned == never
}

// fitting returns the first operation that may come next, from one of those
// without a place to the end of them, and the state after it.
func (o *order) fitting(model porcupine.Model, from, end int) (next int, after any, ok bool) {
	for next = from; next != end; next = o.next[next] {
		o.looks++
		op := &o.operations[next]
		if ok, after = model.Step(o.state, op.Input, op.Output); ok {
			return next, after, true
		}
	}
	return 0, nil, false
}

// place gives an operation the next place.
func (o *order) place(i int, after any) {
	o.placed = append(o.placed, placed{i, o.state})
	o.state = after
	o.next[o.previous[i]], o.previous[o.next[i]] = o.next[i], o.previous[i]
}

// giveUp takes the last place back, and returns the operation after that one.
func (o *order) giveUp() int {
	last := o.placed[len(o.placed)-1]
	o.placed = o.placed[:len(o.placed)-1]
	o.state = last.before
	o.next[o.previous[last.operation]], o.previous[o.next[last.operation]] = last.operation, last.operation
	return o.next[last.operation]
}
