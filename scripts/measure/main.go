// Command measure prints the figures that the project reports: it starts the
// real program on this machine, uses it as its users would, checks every
// answer, and only then prints a number.
//
//	go run ./scripts/measure realinput   import, vetting, search and match of 7,425 real advertisements
//	go run ./scripts/measure crash       kill -9 during 2,000 writes, three times
//	go run ./scripts/measure page        the offers page beside a handler that does nothing
//	go run ./scripts/measure start       time to build and to be ready, size of the binary
//	go run ./scripts/measure tour        pictures of real pages for the README
//	go run ./scripts/measure web         bytes, requests and first paint of the main pages on a bad line
//	go run ./scripts/measure axe FILE    accessibility of every page; scripts/axe calls it
//	go run ./scripts/measure overload    capacity, then five times as much for a minute (--short: 20 s)
//
// Everything talks to 127.0.0.1 only, is bounded in count, and stops what it
// started.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	measures := map[string]func(context.Context) error{"realinput": realInput, "crash": crash, "page": page, "start": start, "tour": tour, "web": web, "axe": axe, "overload": overload}
	name := ""
	if len(os.Args) >= 2 {
		name = os.Args[1]
	}
	measure, ok := measures[name]
	if !ok {
		fmt.Fprintln(os.Stderr, "usage: measure realinput|crash|page|start|tour|web|axe FILE|overload")
		os.Exit(2)
	}
	if err := measure(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(1)
	}
}
