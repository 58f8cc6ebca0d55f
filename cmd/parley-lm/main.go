// Command parley-lm makes the language model of what people say to Parley, for the
// recogniser. `make build` runs it; where nobody did, the program makes the
// model itself when it starts.
//
//	parley-lm DIR
package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"parley/cmd/parley/hearing"
	"parley/engine/domainlm"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run makes the model in the directory that args name, unless it is there. It
// returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintln(stderr, "usage: parley-lm DIR")
		return 2
	}
	began := time.Now()
	in := hearing.Inputs(hearing.Offline()...)
	if _, ok := domainlm.Find(in, args[0]); ok {
		return 0
	}
	if _, err := domainlm.Generate(in, args[0]); err != nil {
		fmt.Fprintf(stderr, "parley-lm: %v\n", err)
		return 1
	}
	fmt.Fprintf(stdout, "parley: made the language model in %v\n", time.Since(began).Round(100*time.Millisecond))
	return 0
}
