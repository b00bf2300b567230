-- How many records of one type came with each return (domain.md F01), duplicates, withdrawals and all.
    SELECT
        toString(feed) AS feed, toString(partner) AS partner, upperUTF8(trimBoth(return_id)) AS return_ref, uniqExact(ref) AS records
    FROM {log}
    WHERE return_id != ''
    GROUP BY feed, partner, return_ref
