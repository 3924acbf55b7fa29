package Carrierpay::Admin::Merchant;

# The operators of the ledger, the merchants, and what is made for them: their
# contracts, their API keys and the endpoints of their webhooks.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail record rows truth);
use Carrierpay::Admin::Balance qw(balance_count);
use Carrierpay::Admin::Chargeback qw(%BEARERS);
use Carrierpay::Admin::Database qw(database merchant operator row table);
use Carrierpay::Admin::Keyring qw(key_hash seal);
use Carrierpay::Admin::Rating qw(category);
use Carrierpay::Admin::Text qw(day_ms line_wrong);
use Carrierpay::Admin::Url qw(url_wrong);
use Crypt::PRNG qw(random_bytes);
use Encode qw(encode);
use Exporter qw(import);
use MIME::Base64 qw(decode_base64 encode_base64 encode_base64url);

our @EXPORT_OK = qw(operator_add operator_list operator_set merchant_add
                    merchant_list merchant_set merchant_show contract_add
                    contract_end contract_list contract_month key_add key_list
                    key_disable endpoint_add endpoint_list endpoint_enable
                    endpoint_disable);

# how payments are paid back: the ledger's letters
my %REFUND_WAYS = (operator => 'o', wallet => 'w', manual => 'm');

our @LANGUAGES = qw(en fr);            # of the service's texts

my $LOGO_MAX = 8192;                   # bytes

my %LOGOS = (                          # media types by what files begin with
    'image/png'  => qr/\A\x89PNG\r\n\x1a\n/,
    'image/jpeg' => qr/\A\xff\xd8\xff/,
    'image/webp' => qr/\ARIFF....WEBP/s,
);

# What "merchant set" takes: option => column, what it must look like, and
# what is said when it does not.

my $language = join('|', @LANGUAGES);

my %merchant_options = (
    name    => ['name', qr/\S/, 'empty'],
    locale  => ['locale', qr/^(?:$language)$/,
                'not one of ' . join(', ', @LANGUAGES)],
    support => ['support', qr/\S/, 'empty'],
    terms   => ['terms_url', qr{^https?://[^/\s"'<>][^\s"'<>]*$},
                'not an http or https URL'],
    colour  => ['colour', qr/^[0-9a-f]{6}$/,
                'no colour: six hexadecimal digits, as "1a2b3c"'],
    frames  => ['frames', qr{^https://(?:\*\.)?[a-z0-9.-]+(?::\d+)?
                              (?:\ https://(?:\*\.)?[a-z0-9.-]+(?::\d+)?)*$}x,
                'not "https://HOST", with spaces between several'],
);

sub operator_add {
    my ($code, $name, $country, $currency) = @_;
    my $sandbox = $option{sandbox} ? 1 : 0;

    shown($name, 'NAME');

    my $made = database()->do('insert into operator (code, name, country,'
        . ' currency, sandbox) values (?, ?, ?, ?, ?)'
        . ($option{'if-missing'} ? ' on conflict (code) do nothing' : ''),
        undef, $code, $name, $country, $currency, $sandbox);

    if ($made == 0) {
        row('select 1 from operator where code = ? and country = ? and'
            . ' currency = ? and sandbox = ?', $code, $country, $currency,
            $sandbox) or fail("operator \"$code\" exists, and is another");
    }

    return 0;
}

sub operator_list {
    return rows([qw(code name country currency mode refuses)],
        table('select code, name, country, currency,'
            . " case when sandbox then 'sandbox' else 'live' end,"
            . " array_to_string(array(select category_name(c)"
            . " from unnest(refuses) c), ',') from operator order by code"));
}

# What an operator does not take on its bills, from now on.

sub operator_set {
    my ($code) = @_;
    my $refuses = $option{refuses}
        // fail('--refuses is missing: see carrierpay-admin help operator');
    my %letters = map { category($_) => 1 } split(/,/, $refuses);

    my $done = database()->do('update operator set refuses = ?::"char"[]'
        . ' where code = ?', undef, '{' . join(',', sort keys %letters) . '}',
        $code);

    fail("no operator \"$code\": see \"operator list\"") if $done == 0;

    return 0;
}

sub merchant_add {
    my ($name) = @_;
    my %value = defined $option{locale} ? merchant_value('locale') : ();
    my $id;

    shown($name, 'NAME');

    if ($option{'if-missing'}) {
        ($id) = row('select min(id) from merchant where name = ?', $name);
    }

    ($id) = row('insert into merchant (name, locale) values (?, ?)'
        . ' returning id', $name, $value{locale} // 'en') if !defined $id;

    print "$id\n";

    return 0;
}

sub merchant_list {
    return rows([qw(id name locale)],
                table('select id, name, locale from merchant order by id'));
}

# What is not named stays as it is.

sub merchant_set {
    my ($who) = @_;
    my $merchant = merchant($who);
    my %value = map { merchant_value($_) }
                    grep { defined $option{$_} } sort keys %merchant_options;

    $value{logo} = logo($option{logo}) if defined $option{logo};
    $value{category} = category($option{category})
        if defined $option{category};
    fail('nothing to set: see carrierpay-admin help merchant') if !%value;
    fail('--name is empty') if exists $value{name} && !defined $value{name};

    my @columns = sort keys %value;

    database()->do('update merchant set '
        . join(', ', map { "$_ = ?" } @columns) . ' where id = ?', undef,
        @value{@columns}, $merchant);

    return 0;
}

# column => value of an option that was given

sub merchant_value {
    my ($name) = @_;
    my ($column, $pattern, $why) = @{$merchant_options{$name}};
    my $value = $option{$name};

    $value = lc($value =~ s/^#//r) if $name eq 'colour';
    $value = join(' ', split(' ', $value)) if $name eq 'frames';

    return ($column => undef) if $value eq '' && $name ne 'locale';

    shown($value, "--$name");
    fail("--$name=\"$value\": $why") if $value !~ $pattern;
    fail("--$name: longer than 200 bytes")
        if $name eq 'support' && length(encode('UTF-8', $value)) > 200;

    return ($column => $value);
}

# What shoppers see is a visible line; the tables say what may be empty.

sub shown {
    my ($text, $what) = @_;
    my $wrong = $text ne '' ? line_wrong($text) : undef;

    fail("$what: $wrong") if defined $wrong;
}

# A logo becomes part of the page that shows it, so that a browser asks no
# other site for it.

sub logo {
    my ($file) = @_;

    return undef if $file eq '';

    open(my $in, '<:raw', $file) or fail("$file: $!");
    read($in, my $image, $LOGO_MAX + 1) // fail("$file: $!");

    my ($type) = grep { $image =~ $LOGOS{$_} } sort keys %LOGOS;

    fail("$file: not a PNG, JPEG or WebP image") if !$type;
    fail("$file: larger than $LOGO_MAX bytes") if length($image) > $LOGO_MAX;

    return "data:$type;base64," . encode_base64($image, '');
}

sub merchant_show {
    my ($who) = @_;
    my ($merchant) = @{database()->selectall_arrayref(
        'select *, category_name(category) as sells from merchant'
        . ' where id = ?', { Slice => {} }, merchant($who))};
    my %seen = (sells => 'category', home_cell => 'cell',
                map { $merchant_options{$_}[0] => $_ }
                    keys %merchant_options);
    my @columns = qw(id home_cell name locale sells support terms_url colour
                     logo frames);

    if (($merchant->{logo} // '') =~ /^data:(image\/[a-z]+);base64,(.*)/) {
        $merchant->{logo} = sprintf('%s, %d bytes', $1,
                                    length(decode_base64($2)));
    }

    return record([map { $seen{$_} // $_ } @columns], @$merchant{@columns});
}

sub contract_add {
    my ($who, $operator) = @_;

    defined $option{$_} or fail("--$_ is missing: see carrierpay-admin help"
                                . ' contract') for qw(share fee);

    my $merchant = merchant($who);
    my $from = day_ms($option{from} // '1970-01-01');
    my $to = defined $option{to} ? day_ms($option{to}) : undef;
    my $way = $REFUND_WAYS{$option{refund} // 'operator'}
        or fail('--refund is none of ' . join(', ', sort keys %REFUND_WAYS));
    my @bearers = map { bearer($_) } qw(chargeback-bearer non-payment-bearer);
    my $id;

    operator($operator);

    if ($option{'if-missing'}) {
        ($id) = row('select min(id) from contract where merchant_id = ?'
            . ' and operator = ? and int8range(valid_from, valid_to)'
            . ' && int8range(?, ?)', $merchant, $operator, $from, $to);
    }

    ($id) = row('select contract_add(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        $merchant, $operator, $from, $to, $option{share}, $option{fee},
        $option{'fee-fixed'} // 0, tiers(@{$option{tier}}), $way, @bearers,
        $option{'chargeback-fee'} // 0) if !defined $id;

    print "$id\n";

    return 0;
}

# The letter of the party that bears what the operator takes back.

sub bearer {
    my ($name) = @_;

    return $BEARERS{$option{$name} // 'merchant'}
        // fail("--$name is none of " . join(', ', sort keys %BEARERS));
}

# Tiers as PostgreSQL reads them, from "VOLUME:SHARE:FEE:FEE-FIXED" each.

sub tiers {
    my @tiers = map { [split(/:/)] } @_;

    for my $given (@_) {
        fail("--tier=\"$given\": not VOLUME:SHARE:FEE:FEE-FIXED")
            if $given !~ /^\d{1,15}:\d{1,5}:\d{1,5}:\d{1,13}$/;
    }

    return '{' . join(',', map { '"(' . join(',', @$_) . ')"' }
                               sort { $a->[0] <=> $b->[0] } @tiers) . '}';
}

# A payment that has begun keeps the terms that it began with.

sub contract_end {
    my ($id) = @_;

    defined $option{to}
        or fail('--to is missing: see carrierpay-admin help contract');

    my ($ended) = $id =~ /^\d{1,9}$/
        ? row('select contract_end(?, ?)', $id, day_ms($option{to})) : 0;

    $ended or fail("\"$id\" is not an id of \"contract list\"");

    return 0;
}

sub contract_list {
    my ($who) = @_;

    return rows([qw(id operator from to currency share fee fee_fixed refund
                    chargeback_bearer non_payment_bearer chargeback_fee
                    tiers)],
        table('select id, operator, to_timestamp(valid_from / 1000)::date,'
            . ' to_timestamp(valid_to / 1000)::date, currency,'
            . ' operator_share_bp, fee_bp, fee_fixed,'
            . ' refund_way_name(refund_way), bearer_name(chargeback_bearer),'
            . ' bearer_name(non_payment_bearer), chargeback_fee,'
            . " (select string_agg(concat_ws(':', t.from_volume, t.share_bp,"
            . " t.fee_bp, t.fee_fixed), ' ' order by t.from_volume)"
            . ' from contract_tier t where t.contract_id = k.id)'
            . ' from contract k where merchant_id = ?'
            . ' order by operator, valid_from', merchant($who)));
}

# What the tier that a month has reached changes in its payments.

sub contract_month {
    my ($id, $month) = @_;

    $id =~ /^\d{1,9}$/ or fail("\"$id\" is not an id of \"contract list\"");
    $month =~ /^\d{4}-(?:0[1-9]|1[0-2])$/
        or fail("\"$month\" is not a month: YYYY-MM");

    my @names = qw(payments volume tier share fee payable);
    my ($from, $until) = row('select extract(epoch from m) * 1000, extract('
        . "epoch from m + interval '1 month') * 1000"
        . ' from cast(? as timestamp) m', "$month-01");

    balance_count();

    my @row = row('select payments, volume, from_volume, share, fee, payable'
                  . ' from contract_correction(?, ?, ?)', $id, int($from),
                  int($until))
        or fail("\"$id\" is not an id of \"contract list\"");

    return record(\@names, @row);
}

# An API key is shown here and never again: we keep its keyed hash.

sub key_add {
    my ($who) = @_;
    my $merchant = merchant($who);
    my $key = ($option{live} ? 'sk_live_' : 'sk_test_')
              . encode_base64url(random_bytes(32));

    database()->do("insert into api_key (hash, merchant_id, live)"
        . " values (decode(?, 'hex'), ?, ?)", undef, key_hash($key),
        $merchant, $option{live} ? 1 : 0);

    print "$key\n";

    return 0;
}

sub key_list {
    my ($who) = @_;

    return rows([qw(hash mode created disabled)],
        table("select encode(hash, 'hex'),"
            . " case when live then 'live' else 'test' end, created::date,"
            . ' disabled_at::date from api_key where merchant_id = ?'
            . ' order by created', merchant($who)));
}

# A key is no argument either: it would be in a process list.

sub key_disable {
    my ($key) = @_;

    if ($key eq '-') {
        $key = <STDIN> // '';
        $key =~ s/\s+\z//;
    } elsif ($key !~ /^[0-9a-f]{64}$/) {
        fail('not a hash of "key list": a key itself is read from standard'
             . ' input, write "-"');
    }

    my $done = database()->do('update api_key set disabled_at ='
        . " coalesce(disabled_at, now()) where hash = decode(?, 'hex')",
        undef, $key =~ /^[0-9a-f]{64}$/ ? $key : key_hash($key));

    fail('no such key: see "key list"') if $done == 0;

    return 0;
}

sub endpoint_add {
    my ($who, $url) = @_;
    my $merchant = merchant($who);
    my $secret = 'whsec_' . encode_base64(random_bytes(32), '');
    my $wrong = url_wrong($url);

    fail("the URL $wrong") if $wrong;
    fail('the URL of a live endpoint must begin with https://')
        if $option{live} && $url !~ m{^https://}i;

    my $made = database()->do('insert into endpoint (merchant_id, live, url,'
        . " secret) values (?, ?, ?, decode(?, 'hex'))"
        . ($option{'if-missing'}
           ? ' on conflict (merchant_id, live, url) do nothing' : ''),
        undef, $merchant, $option{live} ? 1 : 0, $url,
        unpack('H*', seal('webhook', $secret)));

    print "$secret\n" if $made > 0;

    return 0;
}

sub endpoint_list {
    my ($who) = @_;

    return rows([qw(id mode enabled url waiting given_up)],
        map { $_->[2] = truth($_->[2]); $_ }
            table("select id, case when live then 'live' else 'test' end,"
                . ' enabled, url, (select count(*) from outbox o'
                . ' where o.endpoint_id = e.id), (select count(*) from'
                . ' outbox_dead d where d.endpoint_id = e.id)'
                . ' from endpoint e where merchant_id = ? order by id',
                merchant($who)));
}

sub endpoint_enable { return endpoint_switch($_[0], 1) }

sub endpoint_disable { return endpoint_switch($_[0], 0) }

sub endpoint_switch {
    my ($id, $enabled) = @_;

    fail("\"$id\" is not an id of \"endpoint list\"")
        if $id !~ /^[1-9]\d{0,8}$/;

    my $done = database()->do('update endpoint set enabled = ? where id = ?',
                              undef, $enabled, $id);

    fail("no endpoint $id: see \"endpoint list\"") if $done == 0;

    return 0;
}

1;
