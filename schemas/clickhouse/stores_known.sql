-- Every store that was ever begun: its newest state, since when readers saw it, and whether its database is there.
SELECT
    s.name AS name,
    argMax(s.state, s.noted_at) AS state,
    argMax(s.contents, s.noted_at) AS contents,
    toString(maxIf(s.noted_at, s.state = 'in force')) AS in_force_since,
    s.name IN (SELECT name FROM system.databases) AS is_there
FROM {stores}.stores AS s
GROUP BY s.name
ORDER BY maxIf(s.noted_at, s.state = 'in force'), max(s.noted_at)
