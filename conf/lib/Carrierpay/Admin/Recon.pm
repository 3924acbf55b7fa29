package Carrierpay::Admin::Recon;

# Reconciliation: what operators say in their files that they have charged,
# paid back and taken back, beside the ledger.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail limit record rows);
use Carrierpay::Admin::Database qw(database row table);
use Carrierpay::Admin::Id qw(public_id);
use Carrierpay::Admin::RecordFile qw(date_parts file_sha256 open_records);
use Exporter qw(import);
use POSIX ();
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(author instant named recon_mapping recon_load recon_list
                    recon_show recon_assign recon_resolve);

my $BATCH = 256;                       # outcomes told in one transaction
my $TURNS = 100;                       # without one, before it gives up
my @KINDS = qw(amount only_ours only_theirs late double unknown contradicts);
my @WORDS = qw(succeeded failed refunded charged_back chargeback_reversed);
my @STATES = qw(open explained settled written_off);
my $AT = 'to_char(to_timestamp(%s / 1000.0) at time zone \'UTC\','
    . ' \'YYYY-MM-DD"T"HH24:MI:SS"Z"\')';

# The person at the keyboard.

sub author { return $option{by} // $ENV{SUDO_USER} // getpwuid($<) // $< }

# An instant that is given as a day, or a time of it, in a time zone.

sub instant {
    my ($name, $zone) = @_;
    my $text = $option{$name} // fail("--$name is missing");
    my ($day, $hour, $rest) = $text
        =~ /^(\d{4}-\d\d-\d\d)(?:T(\d\d)((?::\d\d){0,2}))?$/
        or fail("--$name=\"$text\": neither a day, YYYY-MM-DD, nor a time,"
                . ' YYYY-MM-DDTHH[:MI[:SS]]');

    return row('select (extract(epoch from ?::timestamp at time zone ?)'
               . ' * 1000)::bigint',
               "$day " . ($hour // '00') . ($rest || ':00'), $zone);
}

# How an operator's files are read.

sub known_mapping {
    my ($operator) = @_;
    my ($mapping) = @{database()->selectall_arrayref('
        select * from recon_form where operator = ?', { Slice => {} },
        $operator)};

    return $mapping // fail("no mapping of \"$operator\": see"
                            . ' carrierpay-admin help recon mapping');
}

sub recon_mapping {
    my ($operator) = @_;

    return show_mapping(known_mapping($operator))
        if !defined $option{'reference-column'};

    for my $name (qw(owner amount-column status-column succeeded)) {
        fail("--$name is missing") if !defined $option{$name};
    }

    my @words = map { [split(/,/, $option{tr/_/-/r} // '')] } @WORDS;
    my $format = $option{'date-format'} // 'YYYY-MM-DD HH24:MI:SS';
    my $zone = $option{'time-zone'} // 'UTC';

    fail("--date-format=\"$format\": a date has YYYY, MM and DD, and a time"
         . ' HH24, MI and SS, each once') if !date_parts($format);
    row('select 1 from pg_timezone_names where name = ?', $zone)
        or fail("--time-zone=\"$zone\": no time zone as \"Europe/Paris\"");

    database()->do('
        insert into recon_mapping (operator, owner, reference_column, theirs,
            amount_column, status_column, currency_column, date_column,
            separator, decimal_sign, date_format, time_zone, succeeded, failed,
            refunded, charged_back, chargeback_reversed)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (operator) do update
           set (owner, reference_column, theirs, amount_column, status_column,
                currency_column, date_column, separator, decimal_sign,
                date_format, time_zone, succeeded, failed, refunded,
                charged_back, chargeback_reversed)
             = (excluded.owner, excluded.reference_column, excluded.theirs,
                excluded.amount_column, excluded.status_column,
                excluded.currency_column, excluded.date_column,
                excluded.separator, excluded.decimal_sign,
                excluded.date_format, excluded.time_zone, excluded.succeeded,
                excluded.failed, excluded.refunded, excluded.charged_back,
                excluded.chargeback_reversed)', undef,
        $operator, $option{owner}, $option{'reference-column'},
        $option{theirs} ? 1 : 0,
        (map { $option{"$_-column"} } qw(amount status currency date)),
        $option{separator} // ';', $option{decimal}, $format, $zone,
        @words);

    return 0;
}

sub show_mapping {
    my ($mapping) = @_;
    my @names = qw(operator owner reference_column theirs amount_column
                   status_column currency_column date_column separator
                   decimal_sign date_format time_zone);

    $mapping->{theirs} = $mapping->{theirs} ? \1 : \0;
    $_ = join(',', @$_) for @$mapping{@WORDS};

    return record([@names, @WORDS], @$mapping{@names, @WORDS});
}

# A file is copied to a table that is not logged, compared, and what it says of
# unknown outcomes is told to the ledger in small batches.  A file that was
# loaded before is only told to its end, should that have been interrupted.

sub recon_load {
    my ($operator, $file) = @_;
    my $mapping = known_mapping($operator);
    my ($low, $high) = map { instant($_, $mapping->{time_zone}) } qw(from to);
    my $sha256 = file_sha256($file);

    fail('--to is not after --from') if $high <= $low;

    my $id = loaded($operator, $sha256);
    my $before = defined $id;

    POSIX::nice(19);                   # payments come first

    $id = compare($mapping, $file, $sha256, $low, $high) if !$before;
    my $told = tell_all($id);

    print 'The file was loaded before: ',
        $told ? "$told outcomes were told now.\n" : "nothing has changed.\n"
        if $before && !$option{json};

    return rows([qw(operator file from to rows agrees), @KINDS],
        table("select f.operator, f.seq, " . sprintf($AT, 'f.low') . ', '
            . sprintf($AT, 'f.high') . ', f.rows, f.agrees, '
            . join(', ', map { "(select count(*) from recon_view v where"
                               . " v.operator = f.operator and v.file = f.seq"
                               . " and v.kind = '$_')" } @KINDS)
            . ' from cdr_file f where f.id = ?', $id));
}

sub loaded {
    my ($operator, $sha256) = @_;
    my ($id) = row("select id from cdr_file where operator = ?"
                   . " and direction = 'in' and sha256 = decode(?, 'hex')",
                   $operator, unpack('H*', $sha256));

    return $id;
}

sub compare {
    my ($mapping, $file, $sha256, $low, $high) = @_;
    my $dbh = database();
    my $next = open_records($file, $mapping, $low, $high);

    $dbh->begin_work();
    $dbh->do('select recon_begin()');
    $dbh->do('copy recon_row (line, class, status, attempt, id, amount, at,'
             . ' currency, reference) from stdin');

    while (my @rows = $next->()) {
        $dbh->pg_putcopydata(join('', @rows));
    }

    $dbh->pg_putcopyend();
    $dbh->commit();

    my ($id) = row("select recon_match(?, ?, decode(?, 'hex'), ?, ?, ?)",
                   $mapping->{operator}, $file =~ s{^.*/}{}r,
                   unpack('H*', $sha256), $low, $high, author());

    return $id;
}

# As much time between two batches as a batch takes: payments come first.

sub tell_all {
    my ($id) = @_;
    my ($sum, $turns) = (0, 0);

    while (1) {
        my $start = time();
        my ($told, $untold) = row('select told, untold'
            . ' from recon_tell(?, ?, ?)', $id, $BATCH, author());

        $sum += $told;
        return $sum if $untold == 0;

        $turns = $told ? 0 : $turns + 1;
        fail("$untold payments are held by other sessions: load the file once"
             . ' more') if $turns == $TURNS;
        sleep($told ? time() - $start : 0.1);
    }
}

# Differences, the newest first; without options the open ones.

sub recon_list {
    my $state = $option{state} // (defined $option{file} ? undef : 'open');
    my %where = (1 => []);

    one_of(state => $state, @STATES);
    one_of(kind => $option{kind}, @KINDS);

    $where{'state = ?'} = [$state] if defined $state;
    $where{"$_ = ?"} = [$option{$_}]
        for grep { defined $option{$_} } qw(operator file kind owner);

    my @conditions = sort keys %where;

    return rows(
        [qw(difference operator file line kind of reference ours theirs
            result state owner)],
        map { public($_) } table(q{
        select id, operator, file, line, kind, class, target, attempt,
               reference,
               nullif(concat_ws(' ', ours_state, ours_amount, ours_currency),
                      ''),
               nullif(concat_ws(' ', theirs_status, theirs_amount,
                                theirs_currency), ''),
               result, state, owner
          from recon_view
         where } . join(' and ', map { $_ eq '1' ? 'true' : $_ } @conditions)
        . ' order by id desc limit ?',
        map({ @{$where{$_}} } @conditions), limit()));
}

sub one_of {
    my ($name, $value, @words) = @_;

    fail("--$name=\"$value\": not one of " . join(', ', @words))
        if defined $value && !grep { $_ eq $value } @words;
}

# The columns from the class to the attempt as one: as an operator names it.

sub public {
    my ($row) = @_;
    my ($class, $target, $attempt) = splice(@$row, 5, 3);

    splice(@$row, 5, 0, named($class, $target, $attempt));

    return $row;
}

sub named {
    my ($class, $target, $attempt) = @_;

    my %prefix = (p => 'pay_', r => 'ref_', k => 'cbk_');

    return undef if !defined $target;
    return public_id('pay_', $target) if !defined $attempt;
    return public_id($prefix{$class}, $target)
           . ($attempt > 1 ? "-$attempt" : '');
}

sub recon_show {
    my ($id) = @_;

    fail("\"$id\" is not a difference: see \"recon list\"")
        if $id !~ /^\d{1,18}$/;

    my ($d) = @{database()->selectall_arrayref('
        select v.*, ' . sprintf($AT, 'v.ours_at') . ' as posted, '
        . sprintf($AT, 'v.theirs_at') . q{ as dated,
               (select string_agg(concat_ws(' ', } . sprintf($AT, 'n.at') . q{,
                                            n.author || ':', n.state,
                                            'of ' || n.owner || ':', n.why),
                                  '; ' order by n.at)
                  from recon_note n where n.diff_id = v.id) as history
          from recon_view v where v.id = ?}, { Slice => {} }, $id)};

    fail("no difference $id: see \"recon list\"") if !$d;

    return record(
        [qw(difference operator file line kind of payment reference
            ours_state ours_amount ours_currency ours_posted theirs_status
            theirs_amount theirs_currency theirs_date told result same_as
            state owner history)],
        @$d{qw(id operator file line kind)},
        named(@$d{qw(class target attempt)}),
        defined $d->{payment_id} ? public_id('pay_', $d->{payment_id}) : undef,
        @$d{qw(reference ours_state ours_amount ours_currency posted
               theirs_status theirs_amount theirs_currency dated outcome
               result pair state owner history)});
}

sub recon_assign {
    my ($id) = @_;

    return change($id, undef, $option{owner} // fail('--owner is missing'));
}

sub recon_resolve {
    my ($id) = @_;
    my $state = $option{state} // fail('--state is missing: one of '
                                       . join(', ', @STATES));

    one_of(state => $state, @STATES);

    return change($id, $state, undef);
}

sub change {
    my ($id, $state, $owner) = @_;
    my $why = $option{reason} // fail('--reason is missing');

    fail("\"$id\" is not a difference: see \"recon list\"")
        if $id !~ /^\d{1,18}$/;

    my ($done) = row('select recon_change(?, ?, ?, ?, ?)', $id, $state, $owner,
                     author(), $why);

    fail("no difference $id: see \"recon list\"") if !$done;

    return 0;
}

1;
