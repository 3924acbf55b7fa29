package Carrierpay::Admin::Partition;

# The partitions of the tables that grow with the payments. A worker tends them
# once an hour; by hand it is done before an upgrade, or when something was in
# its way.

use strict;
use warnings;

use Carrierpay::Admin qw(rows);
use Carrierpay::Admin::Database qw(row table);
use Exporter qw(import);

our @EXPORT_OK = qw(partition_list partition_ahead partition_drop);

my $DATE = 'to_char(to_timestamp(%s / 1000.0) at time zone \'UTC\','
    . ' \'YYYY-MM-DD\')';

# Those of a table that are there, how long each is, and how long it is kept.

sub partition_list {
    my $last = sprintf($DATE, 'max(p.until)');
    my $oldest = sprintf($DATE, 'min(p.until)');

    return rows(
        [qw(table partitions first_ends last_ends days keep_days size)],
        table("select t.name, count(p.partition), $oldest, $last, t.days,
                      t.keep_days, pg_size_pretty(sum(
                          pg_total_relation_size(p.partition)))
                 from partitioned t
                 left join partition p using (name)
                group by t.name order by t.name"));
}

sub partition_ahead {
    my ($days) = row('select partition_ahead()');

    print "partitions for $days days\n";

    return 0;
}

sub partition_drop {
    print map { "$_->[0]\n" } table('select * from partition_drop()');

    return 0;
}

1;
