package engine

// Plan is a lesson as a typed structure: what a teacher works from, a learner is
// asked from, and exports are made of. Markdown may stand in its texts, but for
// questions, which are also spoken. Every list may be empty.
type Plan struct {
	Title          string          `json:"title"`
	Level          string          `json:"level,omitempty"` // "beginner", "school", "expert" …, in the teacher's words
	Goal           string          `json:"goal,omitempty"`  // what the learner wants it for, one sentence
	Objectives     []string        `json:"objectives,omitempty"`
	Before         []string        `json:"before,omitempty"` // what should be known first
	Segments       []Segment       `json:"segments,omitempty"`
	Examples       []Example       `json:"examples,omitempty"` // worked whole first, then half, then one to do alone
	Misconceptions []Misconception `json:"misconceptions,omitempty"`
	Quiz           []Question      `json:"quiz,omitempty"`
	Summary        string          `json:"summary,omitempty"`
	Glossary       []Term          `json:"glossary,omitempty"`
	Sources        []string        `json:"sources,omitempty"`
	Note           string          `json:"note,omitempty"` // who made it, and that it may be wrong
}

// Segment is a small piece of explanation.
type Segment struct {
	Title string   `json:"title"`
	Text  string   `json:"text"`
	Check Question `json:"check,omitzero"` // asked after it; without a prompt there is none
}

// Question is asked of the learner: with options, one of which at least is right,
// or open, with the answers that are right.
type Question struct {
	Prompt  string   `json:"prompt"`
	Options []Option `json:"options,omitempty"`
	Accept  []string `json:"accept,omitempty"` // right answers, the best first; of an open question
	Hint    string   `json:"hint,omitempty"`
	Answer  string   `json:"answer"` // the right answer as a sentence, with why
}

// Option is an answer to choose.
type Option struct {
	Text    string `json:"text"`
	Right   bool   `json:"right,omitempty"`
	Comment string `json:"comment,omitempty"` // why it is right or wrong
}

// Example is a problem with the way to its answer.
type Example struct {
	Problem string   `json:"problem"`
	Steps   []string `json:"steps,omitempty"`
	Given   int      `json:"given"` // how many of the steps the learner is shown: all, some, none
	Answer  string   `json:"answer"`
}

// Misconception is what many believe, and what is so.
type Misconception struct {
	Belief     string `json:"belief"`
	Correction string `json:"correction"`
}

// Term is an entry of the glossary.
type Term struct {
	Word    string `json:"word"`
	Meaning string `json:"meaning"`
}

// Progress is how far a learner has come with a lesson.
type Progress struct {
	Segment   int `json:"segment"`   // of the lesson, from 1; 0: not begun
	Segments  int `json:"segments"`  // how many there are
	Question  int `json:"question"`  // of the quiz, from 1; 0: none is being asked
	Questions int `json:"questions"` // how many there are
	Right     int `json:"right"`     // of the quiz, answered rightly so far
}
