package files

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"seedbed.example/sim"
)

func client(p *sim.Process) {
	_, err := os.ReadFile("x")       // want `os.ReadFile reaches out of the simulation.*use Disk, Send and Log`
	_ = os.Getenv("HOME")            // want `os.Getenv`
	fmt.Fprintln(os.Stderr, "hello") // want `os.Stderr`
	_, _ = net.Dial("tcp", "x")      // want `net.Dial`
	_ = exec.Command("ls")           // want `exec.Command`
	_ = syscall.Getpid()             // want `syscall.Getpid`
	_, _ = filepath.Glob("*")        // want `filepath.Glob`
	_, _ = fmt.Scanln()              // want `fmt.Scanln`

	_ = errors.Is(err, os.ErrNotExist) || os.IsNotExist(err) || errors.Is(err, fs.ErrExist)
	_ = net.ParseIP("127.0.0.1").String() + net.JoinHostPort("a", "1")
	_ = filepath.Join("a", "b")
	_ = syscall.ENOSPC.Error()
	p.Log("hello")
	var f *os.File
	_ = f
}
