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
}

// inspect says whether the file is one we may use, without changing it, and
// whether it is new. It reads the header and the schema, so it also finds a
// file that is not a database or has lost its end.
func inspect(ctx context.Context, db *sql.DB) (fresh bool, err error) {
	var app, version, tables int
	const q = `SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`
	if err := db.QueryRowContext(ctx, q).Scan(&app, &version, &tables); err != nil {
		return false, err
	}
	switch {
	case tables == 0 && version == 0:
		return true, nil
	case app != applicationID:
		return false, ErrForeign
	case version > len(migrations):
		return false, fmt.Errorf("%w (its format is %d, this one knows up to %d)", ErrNewer, version, len(migrations))
	}
	return false, nil
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
