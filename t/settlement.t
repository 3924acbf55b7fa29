#!/usr/bin/perl

# Settlements by carrierpay-admin, of payments that a service has made: what is
# settled, that it is settled once, how a statement is printed, what becomes of
# the money, and that the check of the ledger finds what was changed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(root);
use DBD::Pg qw(:async);
use JSON::PP qw(decode_json);
use Test::More;

my $t = Carrierpay::Test->start();
my @shop = ('--merchant=Demo shop', '--test', '--currency=EUR');

# Three payments of 4.99, one of them paid back in part.

my @paid = map { $t->pay('33600000001') } 1 .. 3;

is($t->api(POST => "/v1/payments/$paid[0]{id}/refunds",
           { amount => 100 })->{json}{status}, 'succeeded', 'a refund');

# They were made the day before yesterday, at noon, in UTC.

my $day = $t->value('select current_date - 2');
my $next = $t->value('select current_date - 1');

sub aged {
    my $dbh = $t->dbh();

    $dbh->begin_work();
    $dbh->do('set local search_path = carrierpay');
    $dbh->do('select from balance_mark for update');
    $dbh->do('alter table journal disable trigger journal_refuse');
    $dbh->do('update journal set at = extract(epoch from ?::timestamp'
             . " at time zone 'UTC') * 1000", undef, "$day 12:00");
    $dbh->do('alter table journal enable always trigger journal_refuse');
    $dbh->do('delete from balance_day');
    $dbh->do('delete from turnover');
    $dbh->do('update balance_mark set until = 0, next = null,'
             . ' horizon = null');
    $dbh->commit();
    $dbh->disconnect();
}

aged();

# What the tool says, and whether it fails.

sub tool {
    my ($dsn, @arguments) = @_;

    open(my $pipe, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh',
         root() . '/conf/carrierpay-admin', "--dsn=$dsn", @arguments)
        or die "carrierpay-admin: $!\n";
    my $said = do { local $/; <$pipe> };

    return (close($pipe) ? 1 : 0, $said);
}

sub dsn {
    my ($database) = @_;

    return "host=$t->{root}/postgres dbname=$database user=postgres";
}

sub refused {
    my ($why, @arguments) = @_;
    my ($done, $said) = tool(dsn('carrierpay'), @arguments);

    ok(!$done, "refused: @arguments");
    like($said, $why, 'and why');
}

# Terms.

refused(qr/--merchant or --operator says whose/, qw(terms add --period=day));
refused(qr/--currency is missing/, qw(terms add --merchant=1));
refused(qr/--period is day, week or month/, qw(terms add), @shop);
refused(qr/--zone: there is no such time zone/, qw(terms add), @shop,
        '--period=day', '--zone=Paris', "--from=$day");
refused(qr/--from is missing/, qw(terms add), @shop, '--period=day',
        '--zone=UTC');
refused(qr/--reserve: basis points and days, or none/, qw(terms add), @shop,
        '--period=day', '--zone=UTC', "--from=$day", '--reserve=100:0');
refused(qr/BASE is gross or fee/, qw(terms add), @shop, '--period=day',
        '--zone=UTC', "--from=$day", '--commission=agent:100:net:merchant');
refused(qr/an operator has no --minimum-fee/, qw(terms add),
        '--operator=demo_fr', '--period=day', '--zone=UTC', "--from=$day",
        '--minimum-fee=1');
refused(qr/no operator "none"/, qw(terms add --operator=none));
refused(qr/no operator "none"/, $_, 'list', '--operator=none')
    for qw(terms settlement);
refused(qr/no operator "none"/, qw(balance --operator=none));
refused(qr/--currency is for a merchant/, qw(terms add --operator=demo_fr
        --currency=EUR));
is($t->admin('settlement', 'close'),
   'settlement  party  mode  number  first  last  currency  net  reserve'
   . '  remittance', 'without terms nothing is settled');

$t->admin('terms', 'add', @shop, '--period=day', '--zone=UTC', "--from=$day",
          '--minimum-fee=100', '--reserve=1000:1',
          '--commission=agent:500:gross:merchant',
          '--commission=partner:1000:fee:platform');
$t->admin('terms', 'add', '--operator=demo_fr', '--period=day', '--zone=UTC',
          "--from=$day");
like($t->admin('terms', 'list'), qr/
    ^Demo\ shop\ +test\ +EUR\ +$day\ +day\ +UTC\ +100\ +1000\ +1
    \ +agent:500:gross:merchant\ partner:1000:fee:platform$/mx,
    'terms are listed');

# Two sessions settle at once: the second one waits, and finds it done.

my ($first, $second) = map { $t->dbh() } 1 .. 2;
my $party = $t->value('select id from carrierpay.settlement_party'
                      . ' where merchant_id = 1');
my $close = 'select carrierpay.settlement_close(?, ?)';

$t->admin('balance');
$first->begin_work();

my ($settled) = $first->selectrow_array($close, undef, $party, $day);
my $waiting = $second->prepare($close, { pg_async => PG_ASYNC });

$waiting->execute($party, $day);
$t->wait_ok(sub { $t->value('select count(*) from pg_stat_activity'
                            . " where wait_event_type = 'Lock'") },
            'two sessions settle: one waits');
ok(!$waiting->pg_ready(), 'and has settled nothing');
$first->commit();
$second->pg_result();
is($waiting->fetchrow_arrayref()->[0], $settled,
   'and then finds the same settlement');
$waiting->finish();
$_->disconnect() for $first, $second;
is($t->value('select count(*) from carrierpay.settlement'), 1,
   'there is one');

# The rest: the day after, and the operator's.

my @closed = split(/\n/, $t->admin('settlement', 'close'));

is(@closed, 4, 'the other periods are settled');
is(scalar(split(/\n/, $t->admin('settlement', 'close'))), 1,
   'nothing is settled twice');
like($t->admin('settlement', 'list', '--merchant=1'), qr/
    Demo\ shop\ +test\ +2\ +$next\ +$next\ +EUR\ +-35\ +0\ +-\n
    $settled\ +Demo\ shop\ +test\ +1\ +$day\ +$day\ +EUR\ +580\ +65\ +due/x,
    'settlements are listed');

# The statement: 3 * 4.99 less 1.00; the fee of 0.84 lacks 0.16 to the minimum;
# the agent has 5 % of 13.97, and 10 % of 6.45 are held back.

my $shown = decode_json($t->admin('settlement', 'show', $settled,
                                  '--format=json'));

like($t->admin('settlement', 'show', $settled, '--json'),
     qr/"net" : -16,/, 'numbers are numbers');
is_deeply([map { [@$_{qw(kind operator name payments gross share tax fee
                         net)}] } @{$shown->{lines}}],
    [['charge', 'demo_fr', undef, 3, 1497, 375, 249, 90, 783],
     ['refund', 'demo_fr', undef, 1, -100, -25, -17, -6, -52],
     ['minimum_fee', undef, undef, 0, 0, 0, 0, 16, -16],
     ['commission', undef, 'agent', 0, 0, 0, 0, 0, -70],
     ['reserve_held', undef, undef, 0, 0, 0, 0, 0, -65]],
    'the lines of a statement');
is_deeply($shown->{total}, { gross => 1397, share => 350, tax => 232,
                             fee => 100, net => 580 }, 'and their sums');
is($t->admin('settlement', 'show', $settled, '--json'),
   $t->admin('settlement', 'show', $settled, '--format=json'),
   '--json is a format, too');
like($t->admin('settlement', 'show', $settled),
     qr/^total +(?:- +){4}13\.97 +3\.50 +2\.32 +1\.00 +5\.80$/m,
     'amounts are in units');
like($t->admin('settlement', 'show', $settled),
     qr/^To be remitted: 5\.80 EUR\z/m, 'and it says what comes of it');

# What the journals say of it is what stands on the accounts.

is($t->value('select -sum(amount) from carrierpay.entry e'
             . " where account = 'test:merchant:1:remittance'"), 580,
   'so much is remitted');
is($t->value('select -sum(amount) from carrierpay.entry e'
             . " where account = 'test:merchant:1:payable'"), -35,
   'what is owed to us is carried over');
like($t->admin('balance', '--merchant=1'),
     qr/^test:merchant:1:reserve +EUR +65 +65 +0 +2 /m,
     'the reserve was held back, and released');

my $owed = decode_json($t->admin('settlement', 'list', '--operator=demo_fr',
                                 '--json'))->[-1];

is($owed->{net}, 1397 - 350, 'the operator owes what it has taken, less its'
   . ' share');

# A page, and a file for spreadsheets, of a merchant with an awkward name.

$t->admin('merchant', 'set', '1', '--name==1+1<b>"é, x');

my @csv = split(/\r\n/, $t->admin('settlement', 'show', $settled,
                                  '--format=csv'));

is($csv[0], 'settlement,number,party,first,last,currency,kind,operator,'
   . 'category,name,payments,gross,share,tax,fee,net', 'a CSV file');
is($csv[2], "$settled,1,\"'=1+1<b>\"\"é, x\",$day,$day,EUR,refund,demo_fr,"
   . 'digital_content,,1,-1.00,-0.25,-0.17,-0.06,-0.52',
   'has no formulas, and numbers are numbers');
is(scalar(grep { /^\d+,1,/ } @csv), 6, 'a row a line, and the total');

my $page = $t->admin('settlement', 'show', $settled, '--format=html');

like($page, qr/<title>Statement 1 – =1\+1&lt;b&gt;&quot;é, x<\/title>/,
     'a page escapes what merchants write');
unlike($page, qr/<b>|<script|src=|href=|\@import|url\(/,
       'and needs nothing else');
like($page, qr/\@page \{ size: A4/, 'it is made for paper');
like($page, qr/To be remitted: 5\.80 EUR/, 'it says what comes of it');
like($page, qr/<td>Minimum\ fee<\/td>(?:<td[^>]*><\/td>){6}
               <td[^>]*>0\.16<\/td><td[^>]*>-0\.16<\/td>/x,
     'what a line is not about is empty');
like($page, qr/Reserve held back until \d{4}-\d\d-\d\d</,
     'it says how long a reserve is held');
$t->admin('merchant', 'set', '1', '--name=Demo shop', '--locale=fr');
like($t->admin('settlement', 'show', $settled, '--format=html'),
     qr/<html lang="fr">.*Relevé 1 – Demo shop.*À virer\xc2\xa0: 5,80 EUR/s,
     'in the language of the merchant');
is($t->admin('settlement', 'show', $settled, '--format=html'),
   $t->admin('settlement', 'show', $settled, '--format=html'),
   'it is the same whenever it is printed');
refused(qr/no format "pdf": csv, html, json, text/, qw(settlement show),
        $settled, '--format=pdf');
refused(qr/"99" is not an id of "settlement list"/, qw(settlement show 99));
refused(qr/"x" is not an id/, qw(settlement show x));

# The money.

like($t->admin('remittance', 'list', '--state=due'),
     qr/^$settled +Demo shop +test +$day +$day +580 +EUR +due/m,
     'a remittance is due');
refused(qr/--reference is missing/, qw(remittance paid), $settled);
refused(qr/--on is missing/, qw(remittance paid), $settled, '--reference=T-1');
refused(qr/--on: the period was not over/, qw(remittance paid), $settled,
        '--reference=T-1', "--on=$day");
refused(qr/--on: that day is yet to come/, qw(remittance paid), $settled,
        '--reference=T-1', '--on=2999-01-01');
is($t->admin('remittance', 'paid', $settled, '--reference=T-1', "--on=$next"),
   '', 'the bank has paid it');
like($t->admin('remittance', 'paid', $settled, '--reference=T-1',
               "--on=$next"), qr/recorded before/, 'once');
refused(qr/another one is recorded/, qw(remittance paid), $settled,
        '--reference=T-2', "--on=$next");
is($t->admin('remittance', 'returned', $settled, '--reason=account closed',
             "--on=$next"), '', 'it comes back');
refused(qr/another one is recorded/, qw(remittance paid), $settled,
        '--reference=T-1', "--on=$next");
refused(qr/there is none: see "remittance list"/, qw(remittance paid 99
        --reference=T-1), "--on=$next");
is($t->admin('adjustment', 'add', '1', 'EUR', '--test', '--amount=-45',
             '--reference=N-1', '--reason=a fee'), '', 'an adjustment');
like($t->admin('adjustment', 'add', '1', 'EUR', '--test', '--amount=-45',
               '--reference=N-1', '--reason=a fee'), qr/recorded before/,
     'once');
refused(qr/another one is recorded/, qw(adjustment add 1 EUR --test
        --amount=5 --reference=N-1 --reason=x));
refused(qr/--amount is out of range/, qw(adjustment add 1 EUR --amount=0
        --reference=N-2 --reason=x));
refused(qr/a currency is a code of ISO 4217/, qw(adjustment add 1 XYZ
        --amount=1 --reference=N-2 --reason=x));
like($t->admin('balance', '--merchant=1'),
     qr/^test:merchant:1:payable +EUR +\d+ +\d+ +-500 /m,
     'what the next settlement will have: 5.80 less 0.35 and 0.45');

# The check of the ledger, in copies of the database, which nginx does not
# know: silent about true books, and it tells of what was changed in them.

sub copy {
    my ($from, $to) = @_;
    my $dbh = DBI->connect('dbi:Pg:' . dsn('postgres'), '', '',
                           { RaiseError => 1, PrintError => 0 });

    $dbh->do('set client_min_messages = error');
    $dbh->do("drop database if exists $to");
    $dbh->do("create database $to template $from");
    $dbh->disconnect();
}

sub connected {
    my ($database) = @_;
    my $dbh = DBI->connect('dbi:Pg:' . dsn($database), '', '',
                           { RaiseError => 1, PrintError => 0 });

    $dbh->do('set search_path = carrierpay');

    return $dbh;
}

$t->stop_nginx();
copy('carrierpay', 'books');
$t->start_nginx();

# A merchant with tiers, whose month is over: four payments and a refund.

my $books = connected('books');
my $id = Carrierpay::Test::private_id($paid[0]{id}) + 1000;
my ($month, $over) = $books->selectrow_array("select date_trunc('month',"
    . " current_date - interval '1 month')::date, date_trunc('month',"
    . ' current_date)::date');

$books->do("insert into merchant (id, name) values (77, 'Tiers')");
$books->do("select contract_add(77, 'demo_cm', 0, null, 3000, 500, 10,"
           . " '{\"(1000,2500,400,5)\"}')");
$books->do('insert into payment (id, amount, expires, attempt, share, tax,'
    . ' fee, contract_id, merchant_id, events, live, state, category,'
    . ' operator, currency) select ?::bigint + n, 499, p.expires, p.attempt,'
    . " 125, 81, 35, k.id, 77, 1, p.live, 'r', p.category, k.operator,"
    . ' k.currency from payment p cross join generate_series(1, 4) n'
    . ' join contract k on k.merchant_id = 77 where p.id = ?', undef, $id,
    $id - 1000);
$books->do('select payment_finish(array[p.id], array[?], array[null],'
    . ' array[?], array[null]::bigint[], array[null]::bigint[],'
    . ' array[p.attempt]) from payment p where p.merchant_id = 77', undef,
    'succeeded', 'month');
$books->do('select refund_begin(?::bigint + 9, 77, false, ?::bigint + 1, 100,'
    . ' null, gen_random_uuid(), gen_random_uuid())', undef, $id, $id);
$books->do("select refund_finish(?::bigint + 9, 'succeeded', null, 'back',"
           . ' null, null)', undef, $id);
$books->do('alter table journal disable trigger journal_refuse');
$books->do('update journal set at = extract(epoch from ?::timestamp) * 1000'
           . ' where payment_id between ?::bigint + 1 and ?::bigint + 4',
           undef, "$month 12:00", $id, $id);
$books->do('alter table journal enable always trigger journal_refuse');
$books->do('delete from balance_day');
$books->do('delete from turnover');
$books->do('update balance_mark set until = 0, next = null,'
           . ' horizon = null');
$books->disconnect();
tool(dsn('books'), qw(terms add --merchant=77 --test --currency=XAF
     --period=month --zone=UTC), "--from=$month");

# What was sold is 4 * 499 - 100 = 1896, with 308 of tax: 25 % of 1588 are 397,
# of 475 posted; 4 % are 76, with 3.8 * 5 95, of 133 posted.

like((tool(dsn('books'), qw(settlement close)))[1],
     qr/Tiers +test +1 +$month +\S+ +XAF +1096 /, 'a month is settled');
like((tool(dsn('books'), 'journal', 'check'))[1], qr/: no difference$/,
     'true books');

for my $case (
    ['posting', 'update posting set amounts = array[66, -66]'
     . " where kind = 'h'", qr/reserve_held of -65, posted -66/],
    ['posting', "delete from posting where kind = 'l'",
     qr/reserve_released of 65, posted 0/],
    ['posting', "delete from posting where kind = 'f'",
     qr/returned, but what was posted is x/],
    ['posting', 'update posting set amounts = array[581, -581]'
     . " where kind = 'd'", qr/remittance of -580, posted -581/],
    ['posting', "update posting set accounts = array[9999, accounts[2]]"
     . " where kind = 'm'", qr/an account that does not exist/],
    ['posting', "update posting set amounts = '{-1045, 1045}'"
     . " where kind = 'a'", qr/counted -45, posted -1045/],
    ['posting', 'update posting set amounts = array[amounts[1] - 1,'
     . " amounts[2], amounts[3] + 1] where kind = 't'",
     qr/the tiers of contract \d+ change 116, posted 115/],
    ['settlement_line', "update settlement_line set net = net + 1"
     . " where kind = 'p'", qr/its lines sum to 581, not to 580/],
    ['settlement_line', "delete from settlement_line where kind = 'r'",
     qr/sold 375 249 90 783, posted 350 232 84 731/],
    ['settlement_line', "update settlement_line set share = share + 1,"
     . " tax = tax - 1 where kind = 'c'", qr/sold 351 231/],
    ['settlement', 'update settlement set net = 581 where net = 580',
     qr/remits 580, due 581/],
    ['settlement', 'update settlement set from_at = from_at + 900000'
     . ' where number = 2', qr/does not follow the one before/],
    ['settlement', 'update settlement set reserve = 66 where reserve = 65',
     qr/holds back 66, not 65/],
    ['remittance', "update remittance set state = 'p', returned = null,"
     . " reason = null where state = 'r'",
     qr/paid, but what was posted is fx/],
    ['remittance', "update remittance set amount = 100 where state = 'r'",
     qr/remits 100, due 580/],
    ['balance_day', 'update balance_day set debit = debit + 1'
     . ' where entries = 1', qr/counted .* posted/],
    ['turnover', "update turnover set net = 0 where kind = 'r'",
     qr/counted 783 for its merchant, posted 731/],
) {
    my ($table, $change, $said) = @$case;

    copy('books', 'forged');

    my $dbh = connected('forged');

    $dbh->do("alter table $table disable trigger user");
    $dbh->do($change);
    $dbh->disconnect();

    my ($true, $found) = tool(dsn('forged'), 'journal', 'check');

    ok(!$true && $found =~ $said, "found: $change") or diag($found);
}
