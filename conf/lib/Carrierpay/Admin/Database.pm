package Carrierpay::Admin::Database;

# PostgreSQL, as its owner or a superuser sees it. What the database refuses is
# said in the words of the tool: the names of constraints mean nothing to the
# people who use it.

use strict;
use warnings;

use Carrierpay::Admin qw(%option at_failure fail);
use DBD::Pg;
use DBI;
use Exporter qw(import);

our @EXPORT_OK = qw(away cells cells_all cells_up database in_cell merchant
                    operator row table);

# By constraint; all of them that a command can break.

our %REFUSALS = (
    operator_pkey                      => 'there is such an operator already',
    operator_code_check                =>
        'an operator\'s code is 1 to 32 of a-z, 0-9 and "_"',
    operator_name_check                => 'an operator has a name',
    operator_country_check             =>
        'a country is two capital letters, as "FR"',
    operator_currency_fkey             =>
        'a currency is a code of ISO 4217, as "EUR"',
    operator_refuses_check             => '--refuses: not categories',
    merchant_name_check                => 'a merchant has a name',
    merchant_category_check            => '--category: not a category',
    merchant_support_check             => '--support: 1 to 200 bytes',
    merchant_terms_url_check           => '--terms: not an http or https URL',
    merchant_colour_check              =>
        '--colour: not six hexadecimal digits',
    merchant_logo_check                => '--logo: not an image, or too large',
    merchant_frames_check              =>
        '--frames: not "https://HOST", with spaces between several',
    merchant_home_cell_check           => '--cell is not 0 to 31',
    merchant_former_cell_check         => '--cell is not 0 to 31',
    merchant_moved                     => 'the merchant was not moved',
    contract_merchant_id_fkey          => 'there is no such merchant',
    contract_operator_currency_live_fkey => 'there is no such operator',
    contract_overlaps                  =>
        'the merchant has a contract with this operator for a part of the'
        . ' time: see "contract list"',
    contract_check                     =>
        '--to is not after the day from which the contract is in force',
    contract_operator_share_bp_check   => '--share is not 0 to 10000',
    contract_refund_way_check          =>
        '--refund is no way of paying back',
    contract_fee_bp_check              => '--fee is not 0 to 10000',
    contract_fee_fixed_check           => '--fee-fixed is out of range',
    contract_chargeback_fee_check      =>
        '--chargeback-fee is out of range',
    contract_chargeback_bearer_check   => '--chargeback-bearer is no bearer',
    contract_non_payment_bearer_check  =>
        '--non-payment-bearer is no bearer',
    chargeback_reference               =>
        'the operator\'s reference was reported with another payment',
    chargeback_reference_check         => '--reference: 1 to 100 bytes',
    contract_tiers_check               =>
        '--tier: volumes from 1 on, each once, and terms that leave the'
        . ' merchant something',
    contract_yields                    =>
        'VAT, --share, --fee and --fee-fixed, or a tier, leave the merchant'
        . ' nothing of any amount',
    contract_taxed                     =>
        'there is no VAT rate for what the merchant sells in the operator\'s'
        . ' country: see "vat list"',
    vat_rate_country_check             =>
        'a country is two capital letters, as "FR"',
    vat_rate_category_check            => 'there is no such category',
    vat_rate_bp_check                  => '--rate is not 0 to 10000',
    price_list_operator_fkey           => 'there is no such operator',
    price_list_amounts                 =>
        '--amounts: 1 to 500 amounts from 1 on, each once',
    price_list_form                    => 'price points have one form',
    price_list_range                   =>
        '--lowest is above --highest, or one of them or --step is out of'
        . ' range',
    settlement_party_merchant_id_fkey  => 'there is no such merchant',
    settlement_party_currency_fkey     =>
        'a currency is a code of ISO 4217, as "EUR"',
    settlement_terms_time_zone         =>
        '--zone: there is no such time zone; one is as "Europe/Paris"',
    settlement_terms_operator          =>
        'an operator has no --minimum-fee, --reserve or --commission',
    settlement_terms_settled           =>
        '--from: a period of that day or a later one is settled: see'
        . ' "settlement list"',
    settlement_terms_paid_out          =>
        '--from: a payout was added after the period that would be settled'
        . ' next: see "payout list"',
    settlement_terms_minimum_fee_check => '--minimum-fee is out of range',
    settlement_terms_reserve_bp_check  =>
        '--reserve: not 0 to 10000 basis points',
    settlement_terms_reserve_days_check => '--reserve: not 0 to 3650 days',
    settlement_terms_reserve           =>
        '--reserve: basis points and days, or none of them',
    settlement_terms_commissions_check =>
        '--commission: each name once, with 1 to 10000 basis points',
    remittance_early                   =>
        '--on: the period was not over, or the remittance not paid, on that'
        . ' day: see "remittance list"',
    remittance_late                    => '--on: that day is yet to come',
    posting_currency_fkey              =>
        'a currency is a code of ISO 4217, as "EUR"',
    posting_adjustment                 =>
        'this adjustment is being made by another session',
    posting_reference_check            => '--reference: 1 to 200 bytes',
    posting_reason_check               => '--reason: 1 to 500 bytes',
    api_key_pkey                       => 'there is such a key already',
    api_key_merchant_id_fkey           => 'there is no such merchant',
    endpoint_merchant_id_live_url_key  =>
        'the merchant has this endpoint already',
    endpoint_merchant_id_fkey          => 'there is no such merchant',
    endpoint_url_check                 => 'an endpoint has a URL',
    cdr_file_overlaps                  =>
        'a file that covers a part of this time is there already: see'
        . ' "cdr list"',
    cdr_template_operator_fkey         => 'there is no such operator',
    cdr_template_every_check           => '--every is neither hour nor day',
    cdr_template_columns               => '--columns: 1 to 50 of them',
    cdr_template_separator_check       => '--separator is no character',
    cdr_template_decimal_sign_check    => '--decimal is neither "." nor ","',
    recon_mapping_operator_fkey        => 'there is no such operator',
    recon_mapping_owner_check          => '--owner is empty',
    recon_mapping_reference_column_check => '--reference-column is empty',
    recon_mapping_amount_column_check  => '--amount-column is empty',
    recon_mapping_status_column_check  => '--status-column is empty',
    recon_mapping_separator_check      => '--separator is no character',
    recon_mapping_decimal_sign_check   => '--decimal is neither "." nor ","',
    recon_mapping_words                =>
        '--succeeded has no word, or a word is one of two statuses',
    recon_diff_owner_check             => '--owner is empty',
    recon_note_author_check            => '--by is empty',
    recon_note_why_check               => '--reason is empty',
);

# By SQLSTATE, where the words of PostgreSQL would not help.

my %STATES = (
    '22003' => 'a number is out of range',
    '42501' => 'the database role may not do this: use the owner of the'
               . ' schema or a superuser',
    '3F000' => 'the schema is not there: deploy sql/ with sqitch',
    '42P01' => 'the schema is not the one of this version: deploy sql/ with'
               . ' sqitch',
    '42883' => 'the schema is not the one of this version: deploy sql/ with'
               . ' sqitch',
);

my @cells;                             # by their numbers; undef: it is away
my @away;                              # why databases cannot be reached
my $here = 0;                          # the one that is read and written

sub database {
    return (cells())[$here] // fail("cell $here " . away());
}

# From now on it is the database of this cell, if all of them were named.

sub in_cell {
    my ($number) = @_;

    return if cells() == 1;

    fail("there is no cell $number") if $number >= cells();
    $here = $number;
}

# The databases that were named, which are one, or all cells of a ledger. Of
# several some may be away; those that are there say which ones.

sub cells {
    return @cells if @cells;

    my $count = @{$option{dsn}};
    my @found = map { connected($_) } @{$option{dsn}};

    fail("no database: $away[0]") if !@found;

    return @cells = @found if $count == 1;

    my @numbered = (undef) x $count;

    for my $dbh (@found) {
        my ($number, $cells) = which($dbh);

        fail("these are $count databases, and one of them is cell $number of"
             . " $cells") if $cells != $count || $numbered[$number];

        $numbered[$number] = $dbh;
    }

    return @cells = @numbered;
}

# What is said of a cell that is away. Which address is whose is not known.

sub away { return 'is away: ' . join('; ', @away) }

# All of them: a command that changes what all know, or looks for a line, would
# do half of it with one. Another one with one says what it reads.

sub cells_all {
    my ($needed) = @_;
    my @named = cells();
    my ($number, $cells) = which(grep { defined } @named);

    return if $cells == @named;

    fail("this is cell $number of $cells: give a --dsn for each") if $needed;
    print STDERR "carrierpay-admin: cell $number of $cells\n";
}

# For a command that needs each of them.

sub cells_up {
    my @cells = cells();

    in_cell($_), database() for 0 .. $#cells;
    in_cell(0);
}

sub which {
    my ($dbh) = @_;

    return $dbh->selectrow_array('select number, cells from cell');
}

# Nothing, if it is away.

sub connected {
    my ($dsn) = @_;
    my $dbh = DBI->connect("dbi:Pg:$dsn", undef, undef, {
        AutoCommit => 1, PrintError => 0, RaiseError => 0,
        pg_enable_utf8 => -1 });

    if (!$dbh) {
        push @away, first_line($DBI::errstr);
        return;
    }

    at_failure(sub { $dbh->disconnect });
    $dbh->{HandleError} = sub { fail(refusal($_[1])) };
    $dbh->do('set search_path = carrierpay, pg_temp');
    $dbh->do('set client_min_messages = warning');

    return $dbh;
}

sub refusal {
    my ($handle) = @_;
    my ($state, $error) = ($handle->state, $handle->errstr);
    my $constraint = eval { $handle->pg_error_field('constraint') } // '';

    return $REFUSALS{$constraint} // $STATES{$state} // first_line($error);
}

sub first_line {
    my ($error) = @_;
    my ($line) = split(/\n/, $error // 'no connection');

    return $line =~ s/^(ERROR|FATAL):\s*//r;
}

sub row {
    my ($query, @values) = @_;

    return database()->selectrow_array($query, undef, @values);
}

# The rows of a query, as Carrierpay::Admin::rows takes them.

sub table {
    my ($query, @values) = @_;

    return @{database()->selectall_arrayref($query, undef, @values)};
}

# The id of the merchant with this id or name.

sub merchant {
    my ($who) = @_;
    my $number = $who =~ /^[1-9]\d{0,8}$/;
    my @ids = map { $_->[0] } table('select id from merchant where '
                                    . ($number ? 'id' : 'name') . ' = ?',
                                    $who);

    fail("no merchant \"$who\": see \"merchant list\"") if !@ids;
    fail("several merchants are called \"$who\": use an id of"
         . ' "merchant list"') if @ids > 1;

    return $ids[0];
}

# The code of an operator, if there is one.

sub operator {
    my ($code) = @_;

    row('select 1 from operator where code = ?', $code)
        or fail("no operator \"$code\": see \"operator list\"");

    return $code;
}

1;
