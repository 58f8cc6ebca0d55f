package history

import "database/sql"

// row is what can be read from: [sql.Row] or [sql.Rows].
type row interface{ Scan(...any) error }

// all reads every row and closes them. It takes what QueryContext returns.
func all[T any](rows *sql.Rows, err error, scan func(row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, one)
	}
	return found, rows.Err()
}

// mustChange is sql.ErrNoRows if a statement that should have changed a row did
// not.
func mustChange(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return sql.ErrNoRows
}

// atMost is how many rows a page can need of one of several lists: a number for
// SQL's LIMIT, where -1 means all.
func atMost(limit, offset int) int {
	if limit <= 0 {
		return -1
	}
	return limit + max(offset, 0)
}

// page cuts a page out of a list.
func page[T any](list []T, limit, offset int) []T {
	list = list[min(max(offset, 0), len(list)):]
	if limit > 0 && limit < len(list) {
		list = list[:limit]
	}
	if len(list) == 0 {
		return nil
	}
	return list
}
