package ui

import (
	"flag"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "draw the images in testdata anew; look at them")

// golden compares a picture with testdata/name.png. Edges of letters may differ a
// little from one machine's arithmetic to the next.
func golden(t *testing.T, name string, img image.Image) {
	t.Helper()
	file := filepath.Join("testdata", name+".png")
	if *update {
		write(t, file, img)
		return
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatalf("%v; draw it: go test ./ui -run %s -update", err, t.Name())
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != img.Bounds() {
		t.Fatalf("%s is %v, want %v", name, img.Bounds(), want.Bounds())
	}
	far := 0
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			if d := int(gray(img.At(x, y))) - int(gray(want.At(x, y))); d > 24 || d < -24 {
				far++
			}
		}
	}
	if all := want.Bounds().Dx() * want.Bounds().Dy(); far*500 > all {
		seen := filepath.Join(t.ArtifactDir(), name+".png")
		write(t, seen, img)
		t.Errorf("%s: %d of %d pixels differ; what was drawn is in %s (keep it with -artifacts); if it is meant, use -update", name, far, all, seen)
	}
}

func write(t *testing.T, file string, img image.Image) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	small := png.Encoder{CompressionLevel: png.BestCompression}
	if err := small.Encode(f, img); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
