package wordnet_test

import (
	"fmt"

	"parley/engine/wordnet"
)

func Example() {
	d, err := wordnet.Open(wordnet.DefaultDir)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer d.Close()
	senses, err := d.Lookup("black holes", wordnet.Noun)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(senses[0].Lemma, "–", senses[0].Definition)
	// Output: black hole – a region of space resulting from the collapse of a star; extremely high gravitational field
}
