package Carrierpay::Admin::Cell;

# The databases of a ledger that has several: which one each is, and what all
# of them know. Operators, merchants and their terms are written in the first,
# cell 0, which gives them their ids, and copied into the others.

use strict;
use warnings;

use Carrierpay::Admin qw(%option fail rows);
use Carrierpay::Admin::Database qw(away cells cells_all merchant row);
use Exporter qw(import);

our @EXPORT_OK = qw(cell_list cell_set cell_copy cell_spread merchant_move);

# In the order in which they refer to each other, with what may change in a
# row: undef, nothing does; no column, the rows are replaced.

my @TABLES = (
    [operator    => [qw(name refuses)]],
    [vat_rate    => undef],
    [price_list  => undef],
    [merchant    => [qw(name locale category support terms_url colour logo
                        frames home_cell former_cell moved_at)]],
    [api_key     => [qw(disabled_at)]],
    [endpoint    => [qw(url secret enabled)]],
    [account     => undef],
    [contract    => [qw(valid_to)]],
    [spend_limit => []],
    [total_limit => []],
);

# accounts that a cell makes itself have ids of its own
my $ACCOUNTS = 1 << 26;

# Of one that is away its number alone is known.

sub cell_list {
    my @cells = cells();

    cells_all(1);

    rows([qw(cell of lines merchants payments_due)], map {
        my $dbh = $cells[$_];

        $dbh ? [$dbh->selectrow_array('select number, cells,'
            . " case when number < lines then 'yes' else 'no' end,"
            . ' (select count(*) from merchant where home_cell = number),'
            . ' (select count(*) from payment_due) from cell')]
             : [$_, scalar(@cells), undef, undef, undef]
    } 0 .. $#cells);

    my ($gone) = grep { !$cells[$_] } 0 .. $#cells;

    fail("cell $gone " . away()) if defined $gone;

    return 0;
}

sub cell_set {
    my ($number, $cells) = @_;

    my $lines = $option{lines} // $cells;

    fail('there are 1 to 32 cells, numbered from 0, and the first, or all,'
         . ' have lines')
        if (grep { !/^\d{1,2}$/ } $number, $cells, $lines)
           || $cells > 32 || $number >= $cells || $lines < 1
           || $lines > $cells;

    my ($dbh) = cells();

    fail('one database is one cell: give one --dsn') if cells() > 1;

    $dbh->begin_work;
    $dbh->do('update cell set number = ?, cells = ?, lines = ?', undef,
             $number, $cells, $lines);
    $dbh->do('select setval(s, greatest(nextval(s), ?))'
             . " from pg_get_serial_sequence('account', 'id') as s", undef,
             $number * $ACCOUNTS + 1);
    $dbh->commit;

    return 0;
}

# A merchant's new payments are made in another cell. Idempotency keys are
# looked for in the former one, and in no other, for as long as they count.

sub merchant_move {
    my ($who) = @_;
    my $merchant = merchant($who);
    my $cell = $option{cell} // fail('--cell is missing');

    row('select 1 from cell where cells > ?', $cell)
        or fail("there is no cell $cell");

    my ($done) = row('update merchant set former_cell = home_cell,'
        . ' home_cell = ?, moved_at = now_ms() where id = ?'
        . ' and home_cell <> ? and (former_cell is null or former_cell = ?'
        . '     or moved_at < now_ms() - 60 * 86400000::bigint)'
        . ' returning 1', $cell, $merchant, $cell, $cell);

    return 0 if $done;

    row('select 1 from merchant where id = ? and home_cell = ?', $merchant,
        $cell) or fail('the merchant has been moved within 60 days: it can be'
                       . ' moved back, and nowhere else');

    return 0;
}

# What was not copied when a cell was away.

sub cell_copy { return 0 }             # as after each command, see cell_spread

# All of them are tried before it fails.

sub cell_spread {
    my ($first, @others) = cells();
    my @lacking;

    for my $cell (1 .. @others) {
        my $dbh = $others[$cell - 1];
        my $wrong = $dbh ? copy($first, $dbh) : 'it ' . away();

        push(@lacking, "cell $cell has not got it: $wrong")
            if defined $wrong;
    }

    fail(join('; ', @lacking) . ': see "cell copy"') if @lacking;
}

# In one transaction; undef, or what went wrong.

sub copy {
    my ($from, $to) = @_;

    local $to->{HandleError};
    local $to->{RaiseError} = 1;

    return undef if eval {
        $to->begin_work;
        copy_table($from, $to, @$_) for @TABLES;
        $to->commit;
    };

    return $@ =~ s/ at \S+ line.*//sr;
}

sub copy_table {
    my ($from, $to, $table, $change) = @_;
    my $replaced = $change && !@$change;
    my $which = $replaced ? ' where until is null' : '';
    my $columns = join(', ', @{$from->selectcol_arrayref(
        'select quote_ident(attname) from pg_attribute where attrelid ='
        . " 'carrierpay.$table'::regclass and attnum > 0 and not attisdropped"
        . " and attgenerated = '' order by attnum")});
    my ($rows) = $from->selectrow_array("select coalesce(json_agg(t), '[]')"
        . " from (select * from $table$which) t");
    my $conflict = 'do nothing';

    if ($change && !$replaced) {
        my $key = join(', ', $from->primary_key(undef, 'carrierpay', $table));

        $conflict = "($key) do update set " . join(', ',
            map { "$_ = excluded.$_" } @$change) . ' where ('
            . join(', ', map { "$table.$_" } @$change) . ') is distinct from ('
            . join(', ', map { "excluded.$_" } @$change) . ')';
    }

    $to->do("delete from $table$which") if $replaced;
    $to->do("insert into $table ($columns) overriding system value"
            . " select $columns from json_populate_recordset(null::$table, ?)"
            . " on conflict $conflict", undef, $rows);
}

1;
