-- Notes which files are in force, as one block; not again those that are.
INSERT INTO {store}.contents_kept (hash, name, text, installed_at)
SELECT '{hash}', name, text, (SELECT greatest(now64(6, 'UTC'), max(installed_at) + INTERVAL 1 MICROSECOND) FROM {store}.contents_kept)
FROM VALUES(
    'name String, text String',
    {files}
)
WHERE (SELECT argMax(hash, installed_at) FROM {store}.contents_kept) != '{hash}'
