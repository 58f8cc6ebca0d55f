package history

import (
	"context"
	"database/sql"
	"fmt"
)

// applicationID marks the file as ours ("Prly" in the SQLite header).
const applicationID = 0x50726c79

// migrations[n] takes a file of version n to version n+1. The version is kept
// in the header (PRAGMA user_version). What is released is never edited, only
// followed by another. Times and durations are nanoseconds, times since 1970.
var migrations = []string{
	// 1: what is kept.
	`
CREATE TABLE conversations (
	id    INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, even after a deletion
	began INTEGER NOT NULL,
	title TEXT NOT NULL DEFAULT '' -- given by the user; empty: the first words said
) STRICT;
CREATE INDEX conversations_by_time ON conversations(began, id);

CREATE TABLE turns (
	id             INTEGER PRIMARY KEY,
	conversation   INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
	turn           INTEGER NOT NULL, -- engine.TurnID: counts in a session, so not unique here
	who            TEXT NOT NULL,
	at             INTEGER NOT NULL,
	text           TEXT NOT NULL,
	heard          TEXT NOT NULL,
	interrupted    INTEGER NOT NULL,
	typed          INTEGER NOT NULL,
	teach_kind     TEXT NOT NULL,
	teach_topic    TEXT NOT NULL,
	teach_sure     REAL NOT NULL,
	endpoint       INTEGER NOT NULL,
	stt            INTEGER NOT NULL,
	ttft           INTEGER NOT NULL,
	ttfb           INTEGER NOT NULL,
	voice_to_voice INTEGER NOT NULL
) STRICT;
CREATE INDEX turns_of ON turns(conversation, id);

CREATE TABLE lessons (
	id           INTEGER PRIMARY KEY,
	conversation INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
	at           INTEGER NOT NULL,
	title        TEXT NOT NULL,
	markdown     TEXT NOT NULL
) STRICT;
CREATE INDEX lessons_of ON lessons(conversation, id);

CREATE TABLE facts (
	id      INTEGER PRIMARY KEY,
	key     TEXT NOT NULL UNIQUE, -- the subject's words, normalised
	subject TEXT NOT NULL,
	text    TEXT NOT NULL,
	at      INTEGER NOT NULL
) STRICT;
`,
	// 2: full-text search. The indexes hold no copy of the text; triggers keep
	// them in step, in the transaction of what they index.
	`
CREATE VIRTUAL TABLE turns_words USING fts5(
	text, content='turns', content_rowid='id', tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER turns_added AFTER INSERT ON turns BEGIN
	INSERT INTO turns_words(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER turns_deleted AFTER DELETE ON turns BEGIN
	INSERT INTO turns_words(turns_words, rowid, text) VALUES ('delete', old.id, old.text);
END;
INSERT INTO turns_words(turns_words) VALUES ('rebuild');

CREATE VIRTUAL TABLE facts_words USING fts5(
	subject, text, content='facts', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2');
CREATE TRIGGER facts_added AFTER INSERT ON facts BEGIN
	INSERT INTO facts_words(rowid, subject, text) VALUES (new.id, new.subject, new.text);
END;
CREATE TRIGGER facts_deleted AFTER DELETE ON facts BEGIN
	INSERT INTO facts_words(facts_words, rowid, subject, text) VALUES ('delete', old.id, old.subject, old.text);
END;
INSERT INTO facts_words(facts_words) VALUES ('rebuild');
`,
	// How long the speaker took is told apart from how long the synthesizer did.
	`ALTER TABLE turns ADD COLUMN playout INTEGER NOT NULL DEFAULT 0`,
	// JSON: engine.Plan of a lesson and engine.ToolUses of a turn; empty: none.
	`
ALTER TABLE lessons ADD COLUMN plan TEXT NOT NULL DEFAULT '';
ALTER TABLE turns ADD COLUMN tools TEXT NOT NULL DEFAULT '';
`,
	// Conversations are pinned, and listed by when something was last said in them.
	`
ALTER TABLE conversations ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN last INTEGER NOT NULL DEFAULT 0;
UPDATE conversations SET last = max(began, coalesce((SELECT max(at) FROM turns WHERE conversation = conversations.id), 0));
DROP INDEX conversations_by_time;
CREATE INDEX conversations_by_last ON conversations(pinned, last, id);
CREATE TRIGGER turns_dated AFTER INSERT ON turns BEGIN
	UPDATE conversations SET last = new.at WHERE id = new.conversation AND last < new.at;
END;
`,
	// Facts know which words they were taken from. A fact outlives its conversation.
	`
ALTER TABLE facts ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE facts ADD COLUMN conversation INTEGER REFERENCES conversations(id) ON DELETE SET NULL;
CREATE INDEX facts_of ON facts(conversation);
CREATE TRIGGER facts_changed AFTER UPDATE OF subject, text ON facts BEGIN
	INSERT INTO facts_words(facts_words, rowid, subject, text) VALUES ('delete', old.id, old.subject, old.text);
	INSERT INTO facts_words(rowid, subject, text) VALUES (new.id, new.subject, new.text);
END;
`,
	// A card for each question of a lesson's quiz, and small things to keep.
	`
CREATE TABLE cards (
	id       INTEGER PRIMARY KEY,
	lesson   INTEGER NOT NULL REFERENCES lessons(id) ON DELETE CASCADE,
	place    INTEGER NOT NULL, -- in the quiz, from 0
	question TEXT NOT NULL,    -- JSON: engine.Question
	state    TEXT NOT NULL DEFAULT '', -- JSON, the scheduler's; empty: never reviewed
	due      INTEGER NOT NULL
) STRICT;
CREATE INDEX cards_by_due ON cards(due, id);
CREATE INDEX cards_of ON cards(lesson, place);

CREATE TABLE notes (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
	// Search finds titles and lessons as well; beginnings of one to three letters
	// have indexes of their own, so that it keeps up with typing. What is deleted
	// goes from the indexes at once, instead of at the next merge
	// (https://sqlite.org/fts5.html#the_secure_delete_configuration_option).
	`
ALTER TABLE lessons ADD COLUMN words TEXT NOT NULL DEFAULT ''; -- what the plan says beyond the Markdown

DROP TABLE turns_words;
CREATE VIRTUAL TABLE turns_words USING fts5(
	text, content='turns', content_rowid='id', prefix='1 2 3', tokenize='unicode61 remove_diacritics 2');
INSERT INTO turns_words(turns_words, rank) VALUES ('secure-delete', 1);
INSERT INTO turns_words(turns_words) VALUES ('rebuild');

CREATE VIRTUAL TABLE lessons_words USING fts5(
	title, markdown, words, content='lessons', content_rowid='id', prefix='1 2 3', tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER lessons_added AFTER INSERT ON lessons BEGIN
	INSERT INTO lessons_words(rowid, title, markdown, words) VALUES (new.id, new.title, new.markdown, new.words);
END;
CREATE TRIGGER lessons_deleted AFTER DELETE ON lessons BEGIN
	INSERT INTO lessons_words(lessons_words, rowid, title, markdown, words) VALUES ('delete', old.id, old.title, old.markdown, old.words);
END;
INSERT INTO lessons_words(lessons_words, rank) VALUES ('secure-delete', 1);
INSERT INTO lessons_words(lessons_words) VALUES ('rebuild');

CREATE VIRTUAL TABLE conversations_words USING fts5(
	title, content='conversations', content_rowid='id', prefix='1 2 3', tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER conversations_added AFTER INSERT ON conversations BEGIN
	INSERT INTO conversations_words(rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER conversations_renamed AFTER UPDATE OF title ON conversations BEGIN
	INSERT INTO conversations_words(conversations_words, rowid, title) VALUES ('delete', old.id, old.title);
	INSERT INTO conversations_words(rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER conversations_deleted AFTER DELETE ON conversations BEGIN
	INSERT INTO conversations_words(conversations_words, rowid, title) VALUES ('delete', old.id, old.title);
END;
INSERT INTO conversations_words(conversations_words, rank) VALUES ('secure-delete', 1);
INSERT INTO conversations_words(conversations_words) VALUES ('rebuild');

INSERT INTO facts_words(facts_words, rank) VALUES ('secure-delete', 1);
INSERT INTO facts_words(facts_words) VALUES ('rebuild');
`,
}

// erasing is the first version that leaves nothing of what is deleted. In a file
// of an earlier one it may still stand between what is kept.
const erasing = 8

// inspect says whether the file is one we may use, without changing it, and
// which version it has and whether it is new. It reads the header and the schema, so it also finds a
// file that is not a database or has lost its end.
func inspect(ctx context.Context, db *sql.DB) (version int, fresh bool, err error) {
	var app, tables int
	const q = `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`
	if err := db.QueryRowContext(ctx, q).Scan(&app, &version, &tables); err != nil {
		return 0, false, err
	}
	switch {
	case tables == 0 && version == 0:
		return version, true, nil
	case app != applicationID:
		return version, false, ErrForeign
	case version > len(migrations):
		return version, false, fmt.Errorf("%w (its format is %d, this one knows up to %d)", ErrNewer, version, len(migrations))
	}
	return version, false, nil
}

// migrate brings the schema up to date, each step in a transaction of its own.
func migrate(ctx context.Context, db *sql.DB, steps []string) error {
	for {
		done, err := migrateOnce(ctx, db, steps)
		if done || err != nil {
			return err
		}
	}
}

func migrateOnce(ctx context.Context, db *sql.DB, steps []string) (done bool, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer tx.Rollback()
	// Read inside the transaction: another process may have just done this step.
	var version int
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return false, err
	}
	if version >= len(steps) {
		return true, nil
	}
	if _, err := tx.ExecContext(ctx, steps[version]); err != nil {
		return false, fmt.Errorf("migrating to format %d: %w", version+1, err)
	}
	mark := fmt.Sprintf(`PRAGMA application_id = %d; PRAGMA user_version = %d`, applicationID, version+1)
	if _, err := tx.ExecContext(ctx, mark); err != nil {
		return false, err
	}
	return false, tx.Commit()
}
