package Carrierpay::Admin::Keyring;

# The keyring: "name id base64" lines; the highest id of a name writes. Numbers
# are sealed and indexed as the service does it. A keyring that is not the one
# of the database is refused, since what it seals and hashes is lost.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option fail);
use Carrierpay::Admin::Database qw(row);
use Carrierpay::Admin::Text qw(typed);
use Crypt::AuthEnc::GCM qw(gcm_decrypt_verify gcm_encrypt_authenticate);
use Crypt::PRNG qw(random_bytes);
use Digest::SHA qw(hmac_sha256_hex);
use Exporter qw(import);
use Fcntl qw(O_CREAT O_EXCL O_WRONLY);
use MIME::Base64 qw(decode_base64 encode_base64);

our @EXPORT_OK = qw(keyring_new key_hash number_index seal masked digits);

my @NAMES = qw(seal index apikey session);
my $LEN = 32;
my $NONCE = 12;
my $TAG = 16;

my $PROBE = 'carrierpay keyring';

sub keyring_new {
    my ($file) = @_;

    return 0 if $option{'if-missing'} && -e $file;

    sysopen(my $out, $file, O_WRONLY | O_CREAT | O_EXCL, 0600)
        or fail("$file: $!");

    printf $out "%s 1 %s\n", $_, encode_base64(random_bytes($LEN), '')
        for @NAMES;
    close($out) or fail("$file: $!");

    return 0;
}

# { seal => { 1 => KEY, newest => 1 }, ... }, once it is known to be that of
# the database.

my $ring;

sub ring {
    return $ring if $ring;

    my $file = $option{secrets}
        // fail('--secrets is missing: the file of the keyring');
    my $keys = read_ring($file);
    my ($difference) = row('select keyring_check(?)', join("\n", map {
        my $name = $_;

        map { "$name $_ " . hmac_sha256_hex($PROBE, $keys->{$name}{$_}) }
            grep { /^\d+$/ } sort keys %{$keys->{$name}}
    } @NAMES));

    fail("$file is not the keyring of the database: $difference")
        if defined $difference;

    return $ring = $keys;
}

sub read_ring {
    my ($file) = @_;
    my %keys;

    open(my $in, '<', $file) or fail("$file: $!");

    while (my $line = <$in>) {
        $line =~ s/^\xef\xbb\xbf// if $. == 1;
        $line =~ s/#.*|\s+$//g;
        next if $line eq '';

        my ($name, $id, $key) = split(' ', $line);

        # other names are of operators' keys: carrierpay-keys
        next if !grep { $_ eq $name } @NAMES;

        fail("$file:$.: not \"name id base64\"")
            if !defined $key || $id !~ /^\d+$/ || $id < 1 || $id > 255
               || length(decode_base64($key)) != $LEN;

        $keys{$name}{$id} = decode_base64($key);
        $keys{$name}{newest} = $id if $id > ($keys{$name}{newest} // 0);
    }

    $keys{$_} or fail("$file: no \"$_\" key") for @NAMES;

    return \%keys;
}

sub newest {
    my ($name) = @_;
    my $keys = ring()->{$name};

    return $keys->{$keys->{newest}};
}

sub key_hash { return hmac_sha256_hex($_[0], newest('apikey')) }

sub number_index { return hmac_sha256_hex($_[0], newest('index')) }

sub seal {
    my ($aad, $plain) = @_;
    my $nonce = random_bytes($NONCE);
    my ($text, $tag) = gcm_encrypt_authenticate('AES', newest('seal'), $nonce,
                                                $aad, $plain);

    return chr(ring()->{seal}{newest}) . $nonce . $text . $tag;
}

# A sealed number for people: "******01".

sub masked {
    my ($sealed) = @_;

    return undef if !defined $sealed;

    my $key = ring()->{seal}{ord($sealed)} // return undef;
    my ($nonce, $text, $tag) = $sealed =~ /\A.(.{$NONCE})(.*)(.{$TAG})\z/s
        or return undef;
    my $plain = gcm_decrypt_verify('AES', $key, $nonce, 'msisdn', $text, $tag)
        // return undef;

    return ($plain =~ /^acr:/ ? 'acr:' : '') . '******' . substr($plain, -2);
}

# The message does not repeat the input: a mistyped number may be that of a
# real line, and must not end up in a log. It begins with the place of the
# input, when the caller has one.

sub digits {
    my ($number, $where) = @_;
    my ($digits) = typed($number) =~ s{[-. /()\[\]]}{}gr
        =~ /^(?:\+|00)?([1-9]\d{5,14})$/
        or fail(($where // '')
                . 'not a number: 6 to 15 digits with country code');

    return $digits;
}

1;
