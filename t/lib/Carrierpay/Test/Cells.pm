package Carrierpay::Test::Cells;

# A ledger of several databases: start(cells(COUNT)) of Carrierpay::Test has
# them; the first is the test's own. They are copies of one, with its merchant,
# and know which they are.

use strict;
use warnings;

use Carrierpay::Test;
use Carrierpay::Test::Services qw(command read_file root service);
use DBI;
use Digest::SHA qw(hmac_sha256_hex);
use Exporter qw(import);
use File::Basename qw(dirname);
use MIME::Base64 qw(decode_base64);

our @EXPORT_OK = qw(cells cell cell_of_line cell_sql
                    cell_do cell_total holds_end lines_told shop spent
                    start_cell stop_cell);

my ($count, $root);

sub cells {
    ($count) = @_;

    return (
        cells => $count,
        keys => sub { $root = dirname($_[0]); make() },
        http => join("\n    ", map {
            "carrierpay_postgres host=\@root\@/postgres$_ dbname=carrierpay"
            . " user=carrierpay timeout=2s cell=$_;" } 1 .. $count - 1),
    );
}

sub make {
    command('cp', '-a', "$root/postgres", folder($_)) for 1 .. $count - 1;

    for my $cell (0 .. $count - 1) {
        start_cell($cell);
        command(root() . '/conf/carrierpay-admin',
                '--dsn=dbname=carrierpay user=postgres host=' . folder($cell),
                'cell', 'set', $cell, $count);
    }
}

sub folder { return "$root/postgres" . ($_[0] || '') }

sub start_cell {
    service('start_postgres', folder($_[0]), 'fsync=off',
            'shared_buffers=32MB');
}

sub stop_cell { service('stop_postgres', folder($_[0])) }

# The cell of a payment, as the API answers it.

sub cell {
    my ($answer) = @_;

    return Carrierpay::Test::private_id(($answer->{json} // $answer)->{id})
           & 31;
}

# A merchant whose home is this cell; its id and API key.

sub shop {
    my ($t, $cell) = @_;
    my $id = $t->admin('merchant', 'add', "Shop $cell");

    $t->admin('merchant', 'move', $id, "--cell=$cell") if $cell;
    $t->admin('contract', 'add', $id, 'demo_fr', '--share=3000',
              '--fee=500');

    return ($id, $t->admin('key', 'add', $id));
}

# Where what is known of a number lies, and what it has spent in the month;
# unasked: what a merchant has charged without a page.

sub index_of {
    my ($number) = @_;
    my ($key) = map { /^index \d+ (\S+)/ ? decode_base64($1) : () }
                    split(/\n/, read_file("$root/secrets"));

    return hmac_sha256_hex($number, $key);
}

sub cell_of_line { return hex(substr(index_of($_[0]), 0, 2)) % $count }

sub spent {
    my ($number, $unasked) = @_;

    return (cell_sql(cell_of_line($number),
        'select coalesce(sum(month_total), 0) from carrierpay.spend'
        . ' where msisdn_index = decode(?, ?) and unasked = ?'
        . ' and (unasked or merchant_id = 0)', index_of($number), 'hex',
        $unasked ? 1 : 0))[0][0];
}

# What payments owe to lines of other cells has been carried over.

sub lines_told {
    my ($t, $name) = @_;

    $t->wait_ok(sub { cell_total('count(*)', 'line_due') == 0 },
                $name // 'what is owed to lines is carried over');
}

# The time of all holds is over: no payment is about to begin.

sub holds_end {
    my ($t, $name) = @_;

    cell_do($_, 'update carrierpay.line_hold set due_at = 0')
        for 0 .. $count - 1;
    $t->wait_ok(sub { cell_total('count(*)', 'line_hold') == 0 },
                $name // 'holds end');
}

sub database {
    return DBI->connect('dbi:Pg:dbname=carrierpay;host=' . folder($_[0]),
                        'postgres', '', { RaiseError => 1 });
}

sub cell_sql {
    my ($cell, $query, @values) = @_;

    return @{database($cell)->selectall_arrayref($query, undef, @values)};
}

sub cell_do {
    my ($cell, $query, @values) = @_;

    database($cell)->do($query, undef, @values);
}

# A sum over all of them.

sub cell_total {
    my ($what, $table, $where) = @_;
    my $sum = 0;

    $sum += (cell_sql($_, "select coalesce($what, 0) from carrierpay.$table"
                          . ' where ' . ($where // 'true')))[0][0]
        for 0 .. $count - 1;

    return $sum;
}

1;
