package primarybackup

import (
	"slices"
	"time"

	"seedbed.example/protocols/wal"
	"seedbed.example/sim"
)

// viewName is the view service's file.
const viewName = "view"

// A ViewService decides who is primary: the only one that does. There is one
// of it. While it is down or cut off no view follows the current one, in which
// replicas go on as they can; nothing that it forgets in a crash is needed.
type ViewService struct {
	options Options
	rules   *Rules
	env     sim.Env
	tick    sim.Timer

	view         View // durable
	acknowledged bool // its primary works in it
	replicas     []heardOf
	silent       []sim.NodeID // by the primary's word
	caughtUp     []sim.NodeID
}

// heardOf is what the view service has last heard of a replica.
type heardOf struct {
	at   time.Duration
	last Position
}

// NewViewService returns a view service that has not started.
func NewViewService(options Options) *ViewService {
	options = options.withDefaults()
	return &ViewService{options: options, rules: options.Rules}
}

// Start implements [sim.Node].
func (s *ViewService) Start(env sim.Env) {
	s.env = env
	if err := s.recover(); err != nil {
		env.Halt(err)
	}
	env.Log("recovered %v", s.view)
	s.replicas = make([]heardOf, slices.Max(s.options.Replicas)+1)
	for i := range s.replicas {
		s.replicas[i].at = env.Elapsed() // it has had no chance to hear from anyone
	}
	s.tick = env.NewTimer(s.look)
	s.tick.Reset(s.options.PingInterval)
}

func (s *ViewService) recover() error {
	s.view = s.options.first()
	saved, err := wal.Load(s.env.Disk(), viewName)
	if err == nil && saved != nil {
		s.view, _, err = decodeNote(saved)
	}
	return err
}

// Receive implements [sim.Node].
func (s *ViewService) Receive(from sim.NodeID, m sim.Message) {
	ping, ok := m.(*Ping)
	if !ok || !slices.Contains(s.options.Replicas, from) {
		return
	}
	s.replicas[from] = heardOf{s.env.Elapsed(), ping.Last}
	if from == s.view.Primary && ping.View == s.view.Number {
		s.acknowledged = s.acknowledged || ping.Acknowledged
		s.silent, s.caughtUp = ping.Silent, ping.CaughtUp
		s.moveOn()
	}
	if ping.View < s.view.Number {
		s.env.Send(from, &CurrentView{s.view})
	}
}

// look looks for replicas that are dead, so often.
func (s *ViewService) look() {
	s.tick.Reset(s.options.PingInterval)
	s.moveOn()
}

// moveOn begins the next view if there is reason to.
func (s *ViewService) moveOn() {
	next, differs := s.next()
	if !differs || !s.rules.MoveOn(s.acknowledged) {
		return
	}
	if err := wal.Save(s.env.Disk(), viewName, encodeNote(next, 0)); err != nil {
		s.env.Halt(err)
	}
	s.env.Point(viewDecided)
	s.view, s.acknowledged, s.silent, s.caughtUp = next, false, nil, nil
	s.env.Log("decides on %v", s.view)
	for _, id := range s.options.Replicas {
		s.env.Send(id, &CurrentView{s.view})
	}
}

// next returns the view that ought to follow, and whether it differs: without
// those who are dead, and with those who have caught up.
func (s *ViewService) next() (next View, differs bool) {
	members := s.view.members()
	left := slices.DeleteFunc(slices.Clone(members), func(id sim.NodeID) bool { return !s.alive(id) })
	if !s.rules.MayLeaveOut(s.options.Mode, len(members), len(left)) {
		return s.view, false
	}
	for _, id := range s.caughtUp {
		if s.alive(id) && !slices.Contains(members, id) {
			next.Joined = append(next.Joined, id)
		}
	}
	if len(left) == len(members) && len(next.Joined) == 0 {
		return s.view, false
	}
	next.Number, next.Primary = s.view.Number+1, left[0]
	if left[0] != s.view.Primary && !s.options.Mode.Lossless() {
		next.Primary = latest(left, func(id sim.NodeID) Position { return s.replicas[id].last }) // to lose little
	}
	next.Backups = slices.DeleteFunc(append(left, next.Joined...), func(id sim.NodeID) bool { return id == next.Primary })
	return next, true
}

// alive reports whether a replica has pinged lately, and the primary hears from
// it too.
func (s *ViewService) alive(id sim.NodeID) bool {
	return s.env.Elapsed()-s.replicas[id].at < s.options.DeadAfter && !slices.Contains(s.silent, id)
}
