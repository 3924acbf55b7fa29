package Carrierpay::Test::Records;

# A day of payments as the service has left it, made by SQL, and the file of
# its operator, with so many differences of each kind.  A payment's place in
# the day tells what is wrong with its row.

use strict;
use warnings;

use Carrierpay::Test::Truth qw(public_id);
use Exporter qw(import);

our @EXPORT_OK = qw(make_day write_day_file %EXPECTED);

my $DAY = 86_400_000;                  # ms
my $EPOCH_MS = 1_735_689_600_000;      # 2025-01-01
my $EACH = 100;                        # differences of a kind

# What recon load says of them, and beside these: rows and agrees.

our %EXPECTED = (amount => $EACH, only_ours => $EACH, only_theirs => $EACH,
                 double => $EACH, unknown => $EACH, late => 0,
                 contradicts => 0);

# By the remainder of the place.

my %DAMAGE = (1 => 'amount', 2 => 'only_ours', 3 => 'only_theirs',
              4 => 'double', 5 => 'unknown');

# Payments of a day from $from on, in ms; of a contract of the operator.

sub make_day {
    my ($dbh, $operator, $from, $count) = @_;
    my $statement = '
        with given as (
            select n, ?::bigint + n * ?::bigint as at, k.*,
                   split_share(499, 2000, k.operator_share_bp) as share,
                   split_vat(499, 2000) as tax,
                   split_fee(499, k.fee_bp, k.fee_fixed) as fee
              from (select * from contract where operator = ?
                     order by id limit 1) k,
                   generate_series(0, ?::int - 1) n
        ), made as (
            insert into payment (id, amount, expires, attempt, share, tax, fee,
                ended, contract_id, merchant_id, events, live, state, category,
                operator, currency, operator_reference)
            select id_first(at), 499, at + 900000, id_first(at), share, tax,
                   fee, case when n % ? <> 5 then at end, id, merchant_id, 1,
                   live, case when n % ? = 5 then \'r\' else \'s\' end::"char",
                   \'d\', operator, currency, \'op-\' || n
              from given
             order by n
        )
        insert into journal (payment_id, operation, contract_id, category,
                             currency, at, accounts, amounts)
        select id_first(at), 1, id, \'d\', currency, at, accounts,
               array[499, -share, -tax, -fee, share + tax + fee - 499]
          from given
         where n % ? <> 5
         order by n';
    my $every = $count / $EACH;

    $dbh->do($statement, undef, $from, int($DAY / $count), $operator, $count,
             ($every) x 3);
}

# Its file; returns how many rows it has, and how many of them agree.

sub write_day_file {
    my ($name, $from, $count) = @_;
    my $every = $count / $EACH;
    my $rows = 0;

    open(my $out, '>', $name) or die "$name: $!\n";
    print $out "reference;status;amount;currency\n";

    for my $n (0 .. $count - 1) {
        my $damage = $DAMAGE{$n % $every} // '';
        my $at = $from + $n * int($DAY / $count);
        my $row = public_id('pay_', $at - $EPOCH_MS << 22) . ';OK;4.99;EUR';

        $row =~ s/4\.99/5.00/ if $damage eq 'amount';

        my @lines = $damage eq 'only_ours' ? ()
            : $damage eq 'double' ? ($row, $row)
            : $damage eq 'only_theirs'
            ? ($row, public_id('pay_', ($at - $EPOCH_MS << 22) + 1)
                     . ';OK;4.99;EUR')
            : $row;

        $rows += @lines;
        print $out map { "$_\n" } @lines;
    }

    close($out) or die "$name: $!\n";

    return ($rows, $count - 3 * $EACH);
}

1;
