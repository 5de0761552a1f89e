package sim

import "time"

// An envelope is a message on its way.
type envelope struct {
	message Message
	from    NodeID
	to      NodeID
	kind    int
	sent    uint64 // the trace event of its sending, 0 when nothing is recorded
}

// Send implements [Env].
func (a *actor) Send(to NodeID, m Message) { a.send(a.id, to, m) }

// send hands m to the network, from one of a's ports.
func (a *actor) send(from, to NodeID, m Message) {
	w := a.world
	receiver := w.actor(to)
	kind := w.kinds.of(m, w.register)
	w.counts.Messages++
	w.guardLoop(a)
	now := a.localNow()
	if receiver == a {
		w.post(now, envelope{m, from, to, kind, w.traceSend(now, from, to, m, kind, "")})
		return
	}
	fate := w.network.Send(now, int(a.id), int(receiver.id), w.kinds.all[kind].network, sizeOf(m))
	w.hash.add(uint64(now)<<2|uint64(fate.Copies), uint64(a.id)<<48^uint64(receiver.id)<<32^w.kinds.all[kind].hash)
	sent := w.traceSend(now, from, to, m, kind, string(fate.Struck))
	if fate.Copies == 0 {
		w.counts.Dropped++
	}
	for i := range fate.Copies {
		w.post(now+fate.Delay[i], envelope{m, from, to, kind, sent})
	}
}

func (w *World) post(at time.Duration, e envelope) {
	w.queue.push(event{at: at, kind: deliverEvent, actor: uint16(e.to.Node()), ref: w.inFlight.put(e)})
}

// A Sized message says how many bytes it has on the wire, for links of limited
// bandwidth. Other messages count as [DefaultMessageSize].
type Sized interface{ Size() int }

// DefaultMessageSize is the size, in bytes, of a message that does not say.
const DefaultMessageSize = 128

func sizeOf(m Message) int {
	if sized, ok := m.(Sized); ok {
		return sized.Size()
	}
	return DefaultMessageSize
}

// arrive takes a message off the network, unless it is lost at the last moment.
func (w *World) arrive(e event) {
	a, letter := w.actors[e.actor], &w.inFlight.values[e.ref]
	if letter.from.Node() != letter.to.Node() {
		if ok, reason := w.network.Arrives(int(letter.from.Node()), int(a.id), w.kinds.all[letter.kind].network); !ok {
			w.drop(e.ref, string(reason))
			return
		}
	}
	switch {
	case a.state == down:
		w.drop(e.ref, "receiver is down")
	case a.free():
		w.deliver(a, e.ref)
	default:
		a.hold(e)
	}
}

func (w *World) drop(ref uint32, reason string) {
	letter := w.inFlight.take(ref)
	w.counts.Dropped++
	w.hash.add(uint64(w.now), ^uint64(letter.to.Node()))
	if w.trace != nil {
		w.trace.add(w.now, DropEvent, letter.sent, letter.to.Node(), letter.from.Node(), w.kinds.all[letter.kind].name, reason)
	}
}

// deliver lets the receiver handle a message.
func (w *World) deliver(a *actor, ref uint32) {
	letter := w.inFlight.take(ref)
	kind := &w.kinds.all[letter.kind]
	w.hash.add(uint64(w.now), uint64(letter.from.Node())<<48^uint64(a.id)<<32^kind.hash)
	w.cause = letter.sent
	if w.trace != nil {
		w.cause = w.trace.add(w.now, DeliverEvent, letter.sent, a.id, letter.from.Node(), kind.name, "")
	}
	w.tick(a, kind.name)
	a.begin()
	if a.node != nil {
		a.node.Receive(letter.from, letter.message)
	} else {
		a.process.receive(letter.to.Port(), letter.from, letter.message)
	}
	a.end()
}
