# make run     install what is missing, build, and talk
# make test    install what the tests need, and run all of them
# The rest is for developers; CONTRIBUTING.md tells of it.

export GO ?= go
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  := $(shell git rev-parse HEAD 2>/dev/null)
BUILD   := $(GO) build -ldflags "-X main.version=$(VERSION) -X main.commit=$(COMMIT)"
LINT    := $(GO) tool -modfile=.ci/lint/go.mod golangci-lint
ROOMS   := $(shell $(GO) list ./... 2>/dev/null | grep -v /e2e)
# Tests on real sound, in real time: alone on the machine.
SOUND   := parley/audio parley/audio/virtualdesk

# What is compiled for Windows by `make vet`: all that needs no C compiler of its own.
WINDOWS := $(filter-out %/flite %/pocketsphinx,$(filter parley/engine/%,$(ROOMS))) parley/engine parley/cmd/parley/citizen \
	parley/cmd/parley/backend parley/cmd/parley/hearing parley/audio/pcm

# Without Fyne's emoji font, of which it reads 4 MB anew for every style of type:
# 25 MB less. Emoji then come from the system's fonts, where it has them.
export GOFLAGS += -tags=no_emoji

.PHONY: run test build setup setup-test vet lint unit fuzz e2e bench soak package setup-package package-windows setup-package-windows doctor clean

run: setup build
	@bin/parley

build:
	@echo "parley: building (the first build takes some minutes, later ones seconds)"
	@$(BUILD) -o bin/ ./cmd/parley ./cmd/parleyd ./cmd/parley-lm
	@bin/parley-lm bin/lm

setup:
	@.ci/setup run

setup-test:
	@.ci/setup test

# What the tests prove, quickest first; see CONTRIBUTING.md.
test: setup setup-test vet lint unit e2e
	@echo "parley: all tests passed"

vet:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); echo "parley: run gofmt -w on these" >&2; exit 1; }
	@$(GO) vet ./...
	@GOOS=windows CGO_ENABLED=0 $(GO) build $(WINDOWS)

lint:
	@$(LINT) run ./...

# Every room's tests, with the race detector; fuzz targets run their seeds.
unit:
	@.ci/retry $(filter-out $(SOUND),$(ROOMS)) -- -race
	@.ci/retry $(SOUND) -- -race -p 1

# Real programs, real sound servers, real windows, in real time.
e2e: build
	@.ci/retry ./cmd/parley/e2e -- -count=1 -timeout 40m -v

# Fuzz everything that parses foreign bytes, FUZZTIME each.
FUZZTIME ?= 30s
fuzz:
	@for target in $$(grep -rln '^func Fuzz' --include='*_test.go' . ); do \
		dir=$$(dirname $$target); \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' $$target); do \
			echo "$$dir $$name"; $(GO) test -run='^$$' -fuzz="^$$name\$$" -fuzztime=$(FUZZTIME) $$dir || exit 1; \
		done; \
	done

# The numbers of docs/performance.md. The recordings in ../shared/speech are
# measured where they are there.
BENCH    := bin/bench
LIBRIVOX := /usr/share/pocketsphinx/test/data/librivox
SHARED   := ../shared/speech
bench: setup setup-test build
	@rm -rf $(BENCH) && mkdir -p $(BENCH)
	@bin/parley bench corpus $(BENCH)/commands
	@if [ -d $(SHARED) ]; then cp $(SHARED)/*.wav $(BENCH)/commands/ && cat docs/shared-speech.txt >> $(BENCH)/commands/transcripts.txt; fi
	@echo "== commands and questions: flite rms, awb, kal16, and $(SHARED)"; bin/parley bench stt $(BENCH)/commands
	@echo "== free speech: librivox"; bin/parley bench stt --transcripts $(LIBRIVOX)/transcription $(LIBRIVOX)
	@bin/parley bench turns --make $(if $(wildcard $(SHARED)),--add $(SHARED)) $(BENCH)/turns
	@echo "== the end of a turn: pauses spoken by flite, librivox, and $(SHARED)"; bin/parley bench turns --patience all --svg docs/turns.svg $(BENCH)/turns
	@echo "== voice to voice, barge-in, false interruptions"; bin/parley bench latency --svg docs/latency.svg
	@$(GO) test -run '^$$' -bench 'FirstAudio' ./engine/flite
	@$(GO) test -run '^$$' -bench . ./audio ./engine/turn
	@$(GO) test -count=1 -v -timeout 30m -run 'Latency|Window|Costs|SelfInterruption' ./cmd/parley/e2e -strict -barge-ins 30 -echo 10m >$(BENCH)/e2e.log 2>&1; ended=$$?; \
		grep -E 'measured|FAIL|_test.go' $(BENCH)/e2e.log; exit $$ended

# The window over an hour of conversation.
soak: setup setup-test build
	@$(GO) test -count=1 -timeout 90m -v -run Soak ./cmd/parley/e2e -soak 1h >bin/soak.log 2>&1; ended=$$?; \
		grep -E 'measured|FAIL|soak_test' bin/soak.log; exit $$ended

# A Debian package, and an archive for other systems, into dist; docs/packaging.md
# tells of them.
PACKAGE = $(shell .ci/package/version)
package: BUILD = $(GO) build -ldflags "-X main.version=$(PACKAGE) -X main.commit=$(shell git rev-parse HEAD)"
package: setup setup-package build
	@.ci/package/make $(PACKAGE)

setup-package:
	@.ci/setup package

# An archive for Windows, into dist, by mingw.
package-windows: setup setup-package-windows
	@.ci/package/windows $(PACKAGE)

setup-package-windows:
	@.ci/setup package-windows

doctor: setup build
	@bin/parley doctor

clean:
	@rm -rf bin dist
