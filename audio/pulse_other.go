//go:build !linux

package audio

import "github.com/gen2brain/malgo"

func backendsNow() []malgo.Backend { return backends }

func pulseAnswers() bool { return false }
