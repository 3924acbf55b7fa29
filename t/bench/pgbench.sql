\set n :n + 1
\set id :base + :n * 64 + :client_id
\set subscriber :first + 2 * random(0, :pseudonyms - 1)
