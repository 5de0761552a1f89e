package vet

import (
	"go/types"
	"slices"
	"strings"
)

// A ban is a set of objects of the standard library that simulated code must
// not mention.
type ban struct {
	subject subject
	names   []string // of functions, variables, and methods as Type.Method; "*" is all of them
	except  []string // from "*"
}

var bans = map[string][]ban{
	"time": {
		{subject: realClock, names: []string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker", "AfterFunc"}},
		{subject: machine, names: []string{"Local", "Time.Local"}},
	},
	"context": {{subject: realClock, names: []string{"WithTimeout", "WithTimeoutCause", "WithDeadline", "WithDeadlineCause"}},
		{subject: threads, names: []string{"AfterFunc"}}},
	"math/rand": {{subject: randomness, names: []string{"Seed", "Int", "Intn", "Int31", "Int31n", "Int63", "Int63n",
		"Uint32", "Uint64", "Float32", "Float64", "ExpFloat64", "NormFloat64", "Perm", "Shuffle", "Read"}}},
	"math/rand/v2": {{subject: randomness, names: []string{"Int", "IntN", "Int32", "Int32N", "Int64", "Int64N",
		"Uint", "UintN", "Uint32", "Uint32N", "Uint64", "Uint64N", "N", "Float32", "Float64", "ExpFloat64", "NormFloat64", "Perm", "Shuffle"}}},
	"crypto/rand":  {{subject: randomness, names: []string{"*"}}},
	"hash/maphash": {{subject: randomness, names: []string{"MakeSeed", "Hash.Seed", "Hash.Sum64", "Hash.Sum"}}},
	"sync":         {{subject: threads, names: []string{"*"}}},
	"sync/atomic":  {{subject: threads, names: []string{"*"}}},
	"runtime": {{subject: machine, names: []string{"NumCPU", "GOMAXPROCS", "NumGoroutine", "ReadMemStats"}},
		{subject: threads, names: []string{"Gosched", "SetFinalizer", "AddCleanup"}}},
	"os": {{subject: realIO, names: []string{"*"}, except: []string{
		"IsExist", "IsNotExist", "IsPermission", "IsTimeout", "IsPathSeparator", "NewSyscallError",
		"ErrInvalid", "ErrPermission", "ErrExist", "ErrNotExist", "ErrClosed", "ErrNoDeadline", "ErrDeadlineExceeded", "ErrProcessDone",
		"SyscallError.Error", "SyscallError.Unwrap", "SyscallError.Timeout", "LinkError.Error", "LinkError.Unwrap", "Expand", "DevNull"}}},
	"os/exec":   {{subject: realIO, names: []string{"*"}, except: []string{"ErrDot", "ErrNotFound", "ErrWaitDelay", "Error.Error", "Error.Unwrap", "ExitError.Error"}}},
	"os/signal": {{subject: realIO, names: []string{"*"}}},
	"os/user":   {{subject: realIO, names: []string{"*"}}},
	"io/ioutil": {{subject: realIO, names: []string{"*"}, except: []string{"ReadAll", "NopCloser", "Discard"}}},
	"syscall":   {{subject: realIO, names: []string{"*"}, except: []string{"Errno.Error", "Errno.Is", "Errno.Temporary", "Errno.Timeout", "Signal.String", "Signal.Signal"}}},
	"net": {{subject: realIO, names: []string{"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "DialUnix",
		"Listen", "ListenPacket", "ListenTCP", "ListenUDP", "ListenIP", "ListenUnix", "ListenUnixgram", "ListenMulticastUDP",
		"LookupAddr", "LookupCNAME", "LookupHost", "LookupIP", "LookupMX", "LookupNS", "LookupPort", "LookupSRV", "LookupTXT",
		"ResolveTCPAddr", "ResolveUDPAddr", "ResolveIPAddr", "Interfaces", "InterfaceAddrs", "InterfaceByIndex", "InterfaceByName",
		"FileConn", "FileListener", "FilePacketConn", "DefaultResolver",
		"Dialer.Dial", "Dialer.DialContext", "ListenConfig.Listen", "ListenConfig.ListenPacket"}},
		{subject: threads, names: []string{"Pipe"}}},
	"net/http": {{subject: realIO, names: []string{"Get", "Head", "Post", "PostForm", "ListenAndServe", "ListenAndServeTLS", "Serve", "ServeTLS",
		"DefaultClient", "DefaultTransport", "Client.Do", "Client.Get", "Client.Head", "Client.Post", "Client.PostForm",
		"Server.ListenAndServe", "Server.ListenAndServeTLS", "Server.Serve", "Server.ServeTLS", "Transport.RoundTrip"}}},
	"net/rpc":       {{subject: realIO, names: []string{"*"}}},
	"net/smtp":      {{subject: realIO, names: []string{"*"}}},
	"path/filepath": {{subject: realIO, names: []string{"Abs", "EvalSymlinks", "Glob", "Walk", "WalkDir"}}},
	"fmt":           {{subject: realIO, names: []string{"Scan", "Scanf", "Scanln"}}},
	"reflect":       {{subject: addresses, names: []string{"Value.Pointer", "Value.UnsafeAddr", "Value.UnsafePointer"}}},
}

// banned says which subject an object falls under, if any, and how it is
// called.
func banned(object types.Object) (subject, string, bool) {
	if object == nil || object.Pkg() == nil {
		return "", "", false
	}
	list := bans[object.Pkg().Path()]
	if len(list) == 0 {
		return "", "", false
	}
	name, ok := nameInPackage(object)
	if !ok {
		return "", "", false
	}
	for _, b := range list {
		if slices.Contains(b.names, name) || b.names[0] == "*" && !slices.Contains(b.except, name) {
			return b.subject, object.Pkg().Name() + "." + name, true
		}
	}
	return "", "", false
}

// nameInPackage is the name of a function or package variable, or Type.Method.
// Other objects, types and fields among them, do nothing.
func nameInPackage(object types.Object) (string, bool) {
	switch o := object.(type) {
	case *types.Var:
		return o.Name(), o.Parent() == o.Pkg().Scope()
	case *types.Func:
		receiver := o.Signature().Recv()
		if receiver == nil {
			return o.Name(), true
		}
		if types.IsInterface(receiver.Type()) {
			return "", false
		}
		return typeName(receiver.Type()) + "." + o.Name(), true
	}
	return "", false
}

// typeName is the name of a type, or of what it points to.
func typeName(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return strings.TrimPrefix(t.String(), "*")
}
