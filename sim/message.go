package sim

import "seedbed.example/network"

// An envelope is a message on its way.
type envelope struct {
	message Message
	from    NodeID
	to      NodeID
	kind    int32
	spoiled bool   // damaged, and its receiver will notice
	sent    uint64 // the trace event of its sending, 0 when nothing is recorded
}

// Send implements [Env].
func (a *actor) Send(to NodeID, m Message) { a.send(a.id, to, m) }

// send hands m to the network, from one of a's ports.
func (a *actor) send(from, to NodeID, m Message) {
	a.enter()
	w := a.world
	receiver := w.actor(to)
	kind := w.kinds.of(m, w.register)
	now := a.localNow()
	w.counts.Messages++
	fate := network.Fate{Copies: 1} // of what one sends to oneself: it arrives at once
	if receiver != a {
		fate = w.network.Send(now, int(a.id), int(receiver.id), w.kinds.all[kind].network, sizeOf(m))
		w.hash.add(uint64(now)<<2|uint64(fate.Copies), uint64(a.id)<<48^uint64(receiver.id)<<32^w.kinds.all[kind].hash)
	}
	arrives, spoiled := m, false
	if fate.Damage != 0 {
		arrives, spoiled = w.damage(m, fate.Damage)
	}
	var sent uint64
	if w.trace != nil {
		sent = w.traceSend(now, from, to, m, arrives, spoiled, kind, &fate)
	}
	if fate.Copies == 0 {
		w.counts.Dropped++
	}
	var watched *guarded
	if w.guard != nil {
		watched = w.guard.sends(arrives, w.kinds.all[kind].name, a, receiver)
	}
	for i := range fate.Copies {
		ref, letter := w.inFlight.place()
		letter.message, letter.from, letter.to = arrives, from, to // in place: a copy of it all costs
		letter.kind, letter.spoiled, letter.sent = int32(kind), spoiled, sent
		if watched != nil {
			w.guard.inFlight[ref] = watched
		}
		w.queue.push(event{at: now + fate.Delay[i], kind: deliverEvent, ref: ref})
	}
	if len(a.traps) > 0 {
		a.spring(deed{sends, w.kinds.all[kind].name})
	}
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

// arrives reports whether a message that is due can be handled now. If not, it
// waits in the receiver's inbox, or is lost at the last moment.
func (w *World) arrives(e event) bool {
	letter := &w.inFlight.values[e.ref]
	from, to := letter.from.Node(), letter.to.Node()
	if from != to {
		if ok, reason := w.network.Arrives(int(from), int(to), w.kinds.all[letter.kind].network); !ok {
			w.drop(e.ref, reason.String())
			return false
		}
	}
	switch a := w.actors[to]; {
	case a.state == down:
		w.drop(e.ref, "receiver is down")
	case letter.spoiled:
		w.drop(e.ref, "checksum mismatch")
	case a.free():
		return true
	default:
		a.hold(e)
	}
	return false
}

func (w *World) drop(ref uint32, reason string) {
	letter := w.inFlight.take(ref)
	if w.guard != nil {
		w.guard.drops(ref)
	}
	w.counts.Dropped++
	w.hash.add(uint64(w.now), ^uint64(letter.to.Node()))
	if w.trace != nil {
		w.trace.add(w.now, DropEvent, letter.sent, letter.to.Node(), letter.from.Node(), w.kinds.all[letter.kind].name, reason)
	}
}

// deliver lets the receiver handle a message.
func (w *World) deliver(ref uint32) {
	letter := w.inFlight.take(ref)
	kind := &w.kinds.all[letter.kind]
	a := w.actors[letter.to.Node()]
	w.hash.add(uint64(w.now), uint64(letter.from.Node())<<48^uint64(a.id)<<32^kind.hash)
	if w.trace != nil {
		w.cause = w.trace.add(w.now, DeliverEvent, letter.sent, a.id, letter.from.Node(), kind.name, "")
	}
	w.tick(a, kind.name)
	if w.guard != nil {
		w.guard.delivers(w, ref)
	}
	a.begin(kind.name)
	if a.node != nil {
		a.node.Receive(letter.from, letter.message)
	} else {
		a.process.receive(letter.to.Port(), letter.from, letter.message)
	}
	a.end()
}
