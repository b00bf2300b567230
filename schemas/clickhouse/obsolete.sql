-- Views and tables of earlier versions of the software. What each record type had of its own is in one table now.
SELECT name
FROM system.tables
WHERE database = '{store}'
    AND (match(name, '^(contributions|presence|cells_between|full_returns|measures_of)_')
        OR match(name, '^(current|keep_current)_')
        OR name IN ('incoming_cells', 'cells', 'refreshes', 'free_cells', 'all_measures_between', 'full_returns'))
-- Views that write to tables go before them.
ORDER BY startsWith(name, 'keep_') DESC, name
