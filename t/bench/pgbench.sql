\set n :n + 1
\set id :base + :n * 64 + :client_id
\set k random(0, :pseudonyms - 1)
\set subscriber :first + :k / 64 * 4194304 + :k % 64 * 64
